import GrailCommand

await GrailTool.main()
