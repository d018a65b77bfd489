import Testing

@testable import GrailNotify

@Suite struct WebAddressTests {
  @Test(arguments: [
    ("", "is empty"), ("hooks.slack.com/services", "is no URL"),
    ("ftp://host/SECRET", "has the scheme"),
    ("https://", "has no host"), ("https:///SECRET", "has no host"),
    ("http://h:99999/SECRET", "has a port"),
    ("unix:///SECRET", "has the scheme"), ("file:SECRET", "has the scheme"),
  ])
  func `refuses what is no address without showing it`(text: String, problem: String) {
    let error = #expect(throws: NotificationError.self) {
      try WebAddress(text, called: "GRAIL_SLACK_WEBHOOK")
    }
    #expect(error?.message.hasPrefix("GRAIL_SLACK_WEBHOOK \(problem)") == true)
    #expect(error?.message.contains("SECRET") == false)
  }

  @Test(arguments: [
    "https://ann:SECRETpass1@host.example/services/T0SECRET/B0SECRET/SECRETlast?key=SECRETkey&b=SECRETb",
    " https://host.example/SECRETlonglonglonglonglong/x ",
    "https://host.example/x?SECRET",
    "https://host.example/a%20SECRET1",
  ])
  func `shows its host alone`(text: String) throws {
    let address = try WebAddress(text, called: "it")
    #expect(address.origin == "https://host.example")
    var dumped = ""
    dump(address, to: &dumped)
    for shown in ["\(address)", String(reflecting: address), dumped] {
      #expect(!shown.contains("SECRET") && shown.contains("host.example"))
    }
    for word in text.split(whereSeparator: { ":/@?&= ".contains($0) }).map(String.init)
    where word.contains("SECRET") {
      #expect(!address.secrets.removed(from: "say \(word) again").contains("SECRET"))
    }
  }

  @Test(
    arguments: [
      ([:], nil), (["https_proxy": "http://p:3128"], "http://p:3128"),
      (["HTTPS_PROXY": "p:3128"], "http://p:3128"), (["http_proxy": "http://p:3128"], nil),
      (["all_proxy": "socks5://s"], "socks5://s:1080"),
      (["https_proxy": "p", "no_proxy": "other, example.org"], nil),
      (["https_proxy": "p", "no_proxy": ".example.org"], nil),
      (["https_proxy": "p", "NO_PROXY": "*"], nil),
      (["https_proxy": "p", "no_proxy": "ample.org"], "http://p:80"),
      (["https_proxy": ""], nil),
    ] as [([String: String], String?)])
  func `takes the environment's proxy`(environment: [String: String], proxy: String?) throws {
    let address = try WebAddress("https://lab.example.org/x", called: "it")
    let found = try ProxyServer.fromEnvironment(for: address, environment)
    #expect(found?.description == proxy)
  }

  @Test(arguments: [
    ("https://p:1", "has the scheme 'https', which cannot be used"),
    ("ftp://SECRET@p", "has the scheme"),
    ("http://", "has no host"), ("http://p:0", "has a port"),
    ("socks5://ann:SECRET@p", "names a SOCKS proxy with a user, which cannot be used"),
  ])
  func `refuses a proxy that cannot be used`(text: String, problem: String) {
    let error = #expect(throws: NotificationError.self) {
      try ProxyServer(text, called: "'proxy_url'")
    }
    #expect(error?.message.hasPrefix("'proxy_url' \(problem)") == true)
    #expect(error?.message.contains("SECRET") == false)
    #expect(error?.code == .badProxy)
  }
}
