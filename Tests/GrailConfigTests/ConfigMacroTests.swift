#if Macros
  @testable import Grail
  import Testing

  extension ConfigField {
    var entryName: String { name }
  }

  /// The fields as Grail sees them, which takes no notice of deprecated entries.
  private func fields<C: Configuration>(of type: C.Type) -> [ConfigField<C>] { C.configFields }

  @Suite struct ConfigMacroTests {
    @Test func `fields are the properties in their order`() {
      #expect(
        fields(of: Training.self).map(\.name) == [
          "layers", "epochs", "default", "mode", "alpha", "rate", "path", "data", "optimizer",
          "limits", "token", "isUnix", "old",
        ])
      #expect(fields(of: Training.self).filter(\.isRequired).map(\.name) == ["path"])
      #expect(fields(of: Empty.self).isEmpty)
      #expect(Nets.hiddenNames() == ["a"])
      #expect(fields(of: Boxed<Int>.self).map(\.name) == ["item", "pair"])
      #expect(fields(of: Screen.Settings.self).map(\.name) == ["width"])
    }

    @Test func `fields know what their defaults depend on`() {
      let dependent = fields(of: Training.self).filter { !$0.dependencies.isEmpty }
      #expect(
        Dictionary(uniqueKeysWithValues: dependent.map { ($0.name, $0.dependencies) })
          == ["alpha": ["layers"], "rate": ["layers", "alpha"], "data": ["layers"]])
    }

    @Test func `documentation comments are the help`() {
      let help = fields(of: Training.self).reduce(into: [:]) { $0[$1.name] = $1.help }
      #expect(help["layers"] == "Number of hidden layers.")
      #expect(help["epochs"] == "How often all images are seen.")
      #expect(help["alpha"] == "Weight decay; 1/√layers unless \"set\".\n\nNot for biases.")
      #expect(help["mode"] == "")
      #expect(Training.configHelp == "How the network is trained.")
      #expect(Optimizer.configHelp == "How steps are made.")
    }

    @Test func `fields read and write their properties`() throws {
      let training = Training(layers: 4)
      #expect(training.layers == 4 && training.cached() == 3)
      for field in fields(of: Training.self) {
        guard case .value(let value) = field.content else { continue }
        switch field.name {
        case "layers": try value.write(training, 16)
        case "path": try value.write(training, "x.csv")
        case "mode": try value.write(training, "fast")
        default: break
        }
      }
      var values: [String: Value] = [:]
      for field in fields(of: Training.self) {
        if case .value(let value) = field.content { values[field.name] = try value.read(training) }
      }
      #expect(values["alpha"] == 0.25 && values["rate"] == 0.5)
      #expect(values["path"] == "x.csv" && values["mode"] == "fast")
      #expect(values["limits"] == [:] && values["isUnix"] == true)
    }

    @Test func `setting a lazy property computes no default`() throws {
      let chain = Chain()
      let contents = fields(of: Chain.self).reduce(into: [:]) { $0[$1.name] = $1.content }
      if case .value(let last)? = contents["last"] { try last.write(chain, 9) }
      if case .choice(let choice)? = contents["choice"] { choice.select(chain, "adam") }
      chain.first = 5
      #expect(chain.middle == 6 && chain.last == 9)
      guard case .adam = chain.choice else {
        Issue.record("the choice is \(chain.choice)")
        return
      }
    }

    @Test func `nested configurations and choices are fields of their kind`() throws {
      let training = Training(layers: 2)
      let contents = fields(of: Training.self).reduce(into: [:]) { $0[$1.name] = $1.content }
      guard case .nested(let data)? = contents["data"],
        case .choice(let optimizer)? = contents["optimizer"]
      else {
        Issue.record("they are values")
        return
      }
      #expect((data.object(training) as? Dataset)?.size == 20)
      #expect(optimizer.branches.map(\.name) == ["sgd", "adam", "default"])
      #expect(optimizer.branches.map(\.help) == ["Plain.", "", ""])
      #expect(optimizer.selected(training) == "sgd")
      optimizer.select(training, "adam")
      #expect(optimizer.selected(training) == "adam")
      #expect((optimizer.object(training) as? Nets.Adam)?.beta == 0.99)
      optimizer.select(training, "default")
      #expect(optimizer.selected(training) == "default" && optimizer.object(training) == nil)
    }

    @Test func `a view reads entries, computed properties, and what is nested`() {
      let training = Training(layers: 4)
      training.optimizer = .adam(Nets.Adam())
      let view = ConfigView(training)
      #expect(view.layers == 4 && view.alpha == 0.5 && view.default == nil && view.twice == 8)
      #expect(view.data.size == 40)
      let beta: Double? =
        switch view.optimizer {
        case .adam(let adam): adam.beta
        case .sgd, .default: nil
        }
      #expect(beta == 0.99)
    }

    @Test func `own initializers stay`() {
      #expect(Ranged().high == 1)
      #expect(Ranged(low: 2, high: 3).low == 2)
    }
  }
#endif
