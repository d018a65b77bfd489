#if Macros
  import Grail
  import GrailCore
  import GrailRun
  import Testing

  @Suite struct ConfigChoiceTests {
    @Test func `the default is chosen and recorded with its entries`() throws {
      let config = try resolve(Fit.self)
      #expect(config.value["optimizer"] == ["choice": "sgd", "rate": 0.1, "decay": 0.01])
      #expect(
        config.value["part"]?["optimizer"] == [
          "choice": "adam", "rate": 0.001, "beta1": 0.5, "schedule": ["choice": "flat"],
          "key": "unset",
        ])
      guard case .sgd(let sgd) = config.config.optimizer else {
        Issue.record("\(config.config.optimizer)")
        return
      }
      #expect(sgd.rate == 0.1 && sgd.decay == 0.01)
    }

    @Test(arguments: [
      ["optimizer=adam", "optimizer.beta1=0.8"], ["optimizer.beta1=0.8", "optimizer=adam"],
      ["optimizer={choice: adam, beta1: 0.8}"], ["optimizer={beta1: 0.8, choice: adam}"],
      ["optimizer.choice=adam", "optimizer.beta1=0.8"],
    ])
    func `a branch is chosen, and its entries set, in any order`(words: [String]) throws {
      let config = try resolve(Fit.self, words)
      guard case .adam(let adam) = config.config.optimizer else {
        Issue.record("\(config.config.optimizer)")
        return
      }
      #expect(adam.beta1 == 0.8 && adam.rate == 0.001)
      #expect(config.sources == ["optimizer.choice": "with", "optimizer.beta1": "with"])
    }

    @Test func `a nested choice is made in the branch that has it`() throws {
      let words = ["optimizer.schedule.every=3", "optimizer=adam", "optimizer.schedule=steps"]
      let config = try resolve(Fit.self, words)
      #expect(
        config.value["optimizer"]?["schedule"] == ["choice": "steps", "every": 3])
      #expect(
        problems(Fit.self, ["part.optimizer.schedule.every=3"]) == [
          "there is no entry 'part.optimizer.schedule.every' while part.optimizer.schedule=flat; "
            + "it belongs to part.optimizer.schedule=steps"
        ])
    }

    @Test(arguments: [
      (
        ["optimizer.beta1=0.8"],
        "there is no entry 'optimizer.beta1' while optimizer=sgd; it belongs to optimizer=adam"
      ),
      (
        ["optimizer=adam", "optimizer.decay=1"],
        "there is no entry 'optimizer.decay' while optimizer=adam; it belongs to optimizer=sgd"
      ),
      (
        ["optimizer=adm"],
        "'optimizer' is Stepping, and 'adm' is none of sgd, adam; did you mean 'adam'?"
      ),
      (["optimizer.bta1=1"], "there is no entry 'optimizer.bta1'"),
      (
        ["optimizer={choice: adam, decay: 1}"],
        "there is no entry 'optimizer.decay' while optimizer=adam; it belongs to optimizer=sgd"
      ),
    ])
    func `an entry of another branch is unknown, with a hint`(words: [String], line: String) {
      let lines = problems(Fit.self, words)
      #expect(lines.count == 1 && lines.first?.hasPrefix(line) == true, "\(lines)")
    }

    @Test func `a default choice that depends on others says which entries there are`() throws {
      let config = try resolve(Fit.self, ["second.beta1=0.8", "layers=10"])
      #expect(config.value["second"]?["beta1"] == 0.8)
      #expect(config.value["second"]?["choice"] == "adam")
      #expect(
        problems(Fit.self, ["second.decay=0.8", "layers=10"]) == [
          "there is no entry 'second.decay' while second=adam; it belongs to second=sgd"
        ])
      #expect(
        try resolve(Fit.self, ["second=sgd", "second.decay=1", "layers=10"]).value["second"]
          == ["choice": "sgd", "rate": 0.1, "decay": 1.0])
    }

    // MARK: - In code

    private func declare(_ experiment: Experiment<ConfigView<Fit>>) {
      experiment.namedConfig("slow") { $0.optimizer = .sgd(with(PlainSteps()) { $0.rate = 0.001 }) }
      experiment.namedConfig("adam") { $0.optimizer = .adam(AdamSteps(beta1: 0.7)) }
      experiment.namedConfig("fresh") { $0.optimizer = .sgd(PlainSteps()) }
      experiment.namedConfig("plain") { $0.part.optimizer = .adam(AdamSteps()) }
      experiment.namedConfig("twice") { config in
        config.optimizer = .adam(with(AdamSteps()) { $0.rate = 7 })
        config.optimizer = .sgd(PlainSteps())
      }
    }

    @Test(
      arguments: [
        (["slow"], ["choice": "sgd", "rate": 0.001, "decay": 0.0001]),
        (["slow", "fresh"], ["choice": "sgd", "rate": 0.1, "decay": 0.01]),
        (["adam", "fresh"], ["choice": "sgd", "rate": 0.1, "decay": 0.01]),
        (["twice"], ["choice": "sgd", "rate": 0.1, "decay": 0.01]),
        (["slow", "optimizer.rate=1"], ["choice": "sgd", "rate": 1.0, "decay": 0.1]),
        (["optimizer=sgd", "adam"], ["choice": "sgd", "rate": 0.1, "decay": 0.01]),
        (["optimizer=sgd", "slow"], ["choice": "sgd", "rate": 0.001, "decay": 0.0001]),
      ] as [([String], Value)])
    func `an assignment replaces what was decided`(words: [String], value: Value) throws {
      let config = try resolve(Fit.self, words, declare)
      #expect(config.value["optimizer"] == value)
      let isSet = config.sources.keys.filter {
        $0.hasPrefix("optimizer.") && $0 != "optimizer.choice"
      }
      #expect(isSet.allSatisfy { $0 == "optimizer.rate" })
    }

    @Test func `an assignment of a class's defaults wins over those of the property`() throws {
      #expect(
        try resolve(Fit.self, ["plain"], declare).value["part"]?["optimizer"]?["beta1"] == 0.9)
      #expect(
        try resolve(Fit.self, ["adam", "optimizer.beta1=1"], declare).value["optimizer"]?["beta1"]
          == 1.0)
      #expect(
        try resolve(Fit.self, ["adam", "optimizer=adam"], declare).value["optimizer"]?["beta1"]
          == 0.7)
    }

    @Test func `a branch with a required entry is chosen in code and asks for it`() throws {
      func declare(_ experiment: Experiment<ConfigView<Choosy>>) {
        experiment.namedConfig("file") { $0.source = .file(Pile()) }
      }
      #expect(
        problems(Choosy.self, ["file"], declare) == [
          "'source.count' must be set; write source.count=VALUE"
        ])
      let config = try resolve(Choosy.self, ["file", "source.count=2"], declare)
      #expect(config.value["source"] == ["choice": "file", "path": "x", "count": 2, "twice": 4])
    }

    @Test func `a branch's class may not have an entry called choice`() throws {
      #expect(
        problems(Clashing.self) == [
          "'Clashing' cannot serve as a configuration: 'Part' is in a choice and has an entry "
            + "'choice', which says what is chosen; rename it"
        ])
    }

    // MARK: - In an ingredient

    @Test func `a choice inside an ingredient has the ingredient's full name`() throws {
      let part = Ingredient(Part.self)
      part.namedConfig("sgd") { $0.optimizer = .sgd(PlainSteps()) }
      let config = try resolve(
        Fit.self, ["part.sgd", "part.optimizer.rate=3"], ingredients: [part])
      #expect(
        config.value["part"]?["optimizer"] == ["choice": "sgd", "rate": 3.0, "decay": 0.3])
      #expect(config.sources["part.optimizer.choice"] == "named part.sgd")
    }

    @Test func `an ingredient in a branch counts only while the branch is chosen`() throws {
      let adam = Ingredient(AdamSteps.self)
      adam.configHook { config, _ in config.rate = 5 }
      adam.namedConfig("fast") { $0.beta1 = 0.1 }
      func place(_ experiment: Experiment<ConfigView<Fit>>) {
        experiment.place(adam, at: \.optimizer, \.second, \.part.optimizer)
      }
      let without = try resolve(Fit.self, ingredients: [adam], place)
      #expect(without.value["optimizer"]?["rate"] == 0.1)
      #expect(without.sources == ["part.optimizer.rate": "hook"])
      let words = ["optimizer=adam", "optimizer.fast", "optimizer.seed=7"]
      let with = try resolve(Fit.self, words, ingredients: [adam], place)
      #expect(with.value["optimizer"]?["rate"] == 5.0 && with.value["optimizer"]?["beta1"] == 0.1)
      #expect(with.seeds == ["optimizer": 7])
      #expect(
        problems(Fit.self, ["optimizer.fast"], ingredients: [adam], place) == [
          "the named configuration 'optimizer.fast' needs optimizer=adam; "
            + "add that, or leave 'optimizer.fast' out"
        ])
    }
  }

  /// An object after a change.
  private func with<T: AnyObject>(_ object: T, _ change: (T) -> Void) -> T {
    change(object)
    return object
  }

  @Config enum Source: ConfigChoice {
    case none
    case file(Pile)
  }

  @Config final class Choosy { var source = Source.none }

  @Config enum Clash: ConfigChoice {
    case part(Part)
  }

  @Config final class Clashing { var clash = Clash.part(Part()) }
#endif
