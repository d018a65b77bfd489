#if Macros
  import Foundation
  import Grail
  import GrailCore
  import GrailRun
  import Logging

  extension Counterpart {
    /// The counterparts of all of Sacred's configurations, by their names.
    static let all: [String: Counterpart] = [
      // One scope, and updates of it.
      "plain": .same(basic), "update_top": .same(basic), "update_nested": .same(basic),
      "update_dotted_key": .same(basic), "update_same_value": .same(basic),
      "update_dict_by_scalar": .refused(.wrongType, basic),
      "update_scalar_by_dict": .refused(.unknownEntry, basic),
      "type_int_to_float": .refused(.wrongType, basic),
      "type_int_to_str": .refused(.wrongType, words: ["a='9'"], basic),
      "type_int_to_bool": .refused(.wrongType, basic),
      "type_to_none": .refused(.wrongType, basic), "type_nested": .refused(.wrongType, basic),
      "type_from_none": .same(configuration(MaybeNumber.self)),
      "type_list_to_tuple": .same(configuration(Numbers.self)),

      // Entries that are not there.
      "added_unused": .refused(.unknownEntry, basic),
      "added_nested_unused": .refused(.unknownEntry, basic),
      "added_unused_scope_then_dict": .refused(.unknownEntry, basic),
      "added_unused_two_dicts": .refused(.unknownEntry, basic),
      "added_unused_one_dict": .refused(.unknownEntry, basic),
      "added_unused_dict_then_scope": .refused(.unknownEntry, basic),
      "added_no_source": .refused(.unknownEntry, nothing),
      "added_used": .same(configuration(BasicAndNumber.self)),
      "added_whole_dict": .same(configuration(BasicAndNumbers.self)),

      // Several sources.
      "two_scopes": .same(twoScopes), "two_scopes_update": .same(twoScopes),
      "dict_then_scope": .same(
        configuration(BasicAndMore.self) { experiment in
          experiment.config { ($0.a, $0.d.x, $0.d.k) = (1, 5, 6) }
          experiment.config { ($0.a, $0.d.x) = (10, 1) }
        }),
      "scope_then_dict": .differs(
        ["b": 3, "big": .null],
        configuration(BasicAndMore.self) { experiment in
          experiment.config { ($0.a, $0.d.x, $0.d.k) = (1, 5, 6) }
        }),
      "dict_update_nested": .same(configuration(Nested.self)),
      "later_scope_replaces_dict": .differs(["g": 9], laterScope),
      "later_scope_update": .same(laterScope),

      // Named configurations.
      "named": .same(variants), "named_and_update": .same(variants), "named_two": .same(variants),
      "named_two_reversed": .same(variants), "named_chain": .same(variants),
      "named_chain_wrong_order": .differs(["a": 100, "b": 300, "c": "bar"], variants),
      "named_unknown": .refused(.unknownName, basic),
      "named_dict": .refused(.unknownEntry, namedFile),

      // Lists and dictionaries.
      "mutation": .same(configuration(Changed.self)),
      "mutation_list_update": .same(configuration(Changed.self)),
      "mutation_dict_update": .same(configuration(Changed.self)),
      "tuples_become_lists": .same(configuration(Tuple.self)),
      "empty_dict_update": .same(configuration(SacredInner.self)),
      "odd_locals": .differs(
        ["_hidden": .null, "math": .null, "i": .null], configuration(Odd.self)),

      // An ingredient.
      "ing_update": .same(ingredient), "ing_named": .same(ingredient),
      "ing_named_and_update": .same(ingredient),
      "ing_set_by_experiment_named": .same(ingredient { ($0.data.size, $0.a) = (5, 1) }),
      "ing_both_named": .same(ingredient { $0.data.size = 5 }),
      "ing_both_named_reversed": .same(ingredient { $0.data.size = 5 }),
      "ing_seed": .same(ingredient), "ing_typo": .refused(.unknownEntry, ingredient),
      "ing_replaced_by_scalar": .refused(.wrongType, ingredient),
      "ing_read_by_scope": .same(
        configuration(DataReader.self, ingredients: [makeDataset()])),
      "ing_written_by_scope": .differs(
        ["data.size": 99, "data.half": 49.5],
        configuration(DataHolder.self, ingredients: [makeDataset()]) { experiment in
          experiment.config { $0.data.size = 99 }
        }),
      "ing_config_hook": .differs(
        ["data.half": 38.5, "data.from_hook": .null, "data.fromHook": "run"], hooked),
      "ing_config_hook_update": .differs(
        ["data.from_hook": .null, "data.fromHook": "run"], hooked),

      // Names.
      "key_dot": .cannotBeWritten, "key_dollar": .cannotBeWritten, "key_equals": .cannotBeWritten,
      "key_json_tag": .cannotBeWritten, "key_int": .cannotBeWritten, "key_space": .cannotBeWritten,
      "key_empty": .cannotBeWritten,
    ]

    // MARK: - Experiments

    /// Makes configurations of a class as an experiment does.
    private static func configuration<C: Configuration>(
      _ type: C.Type, ingredients: @autoclosure @escaping @Sendable () -> [AnyIngredient] = [],
      declare: @escaping @Sendable (Experiment<ConfigView<C>>) -> Void = { _ in }
    ) -> @Sendable ([String]) async throws -> Value {
      { words in
        let experiment = Experiment("case", config: type, ingredients: ingredients()) { _ in }
        declare(experiment)
        return .map(try await experiment.run(with: ["seed=1"] + words, settings: settings).config)
      }
    }

    /// A run that leaves nothing behind.
    private static let settings = {
      var settings = RunSettings()
      settings.isObserved = false
      settings.logLevel = .critical
      settings.provenance = .none
      return settings
    }()

    private static let nothing: @Sendable ([String]) async throws -> Value = { words in
      .map(try await Experiment("case") { _ in }.run(with: words, settings: settings).config)
    }

    private static let basic = configuration(Basic.self)

    private static let variants = configuration(Basic.self) { experiment in
      experiment.namedConfig("variant1", help: "The first") { ($0.a, $0.c) = (100, "bar") }
      experiment.namedConfig("variant2") { ($0.a, $0.d.y.z) = (5, 7) }
      experiment.namedConfig("needs_a") { $0.a = $0.a * 2 }
    }

    private static let twoScopes = configuration(BasicAndNext.self) { experiment in
      experiment.config { $0.c += "!" }
    }

    private static let laterScope = configuration(BasicAndLater.self) { experiment in
      experiment.config { $0.d.x = 9 }
    }

    /// The named configuration in a file, for a closure that sets such an entry does not compile.
    private static let namedFile: @Sendable ([String]) async throws -> Value = { words in
      let file = FileManager.default.temporaryDirectory.appending(path: "nd-\(UUID()).json")
      try Data(#"{"a": 7, "brand": {"new": 1}}"#.utf8).write(to: file)
      defer { try? FileManager.default.removeItem(at: file) }
      return try await configuration(Basic.self) { $0.namedConfig("nd", file: file.path) }(words)
    }

    private static func makeDataset() -> AnyIngredient {
      let dataset = Ingredient(SacredData.self)
      dataset.namedConfig("big") { $0.size = 1000 }
      return dataset
    }

    private static let ingredient = ingredient { _ in }

    private static func ingredient(
      named edit: @escaping @Sendable (ConfigEditor<BasicAndData>) -> Void
    ) -> @Sendable ([String]) async throws -> Value {
      configuration(BasicAndData.self, ingredients: [makeDataset()]) { experiment in
        experiment.namedConfig("ex_named") { edit($0) }
      }
    }

    private static let hooked = configuration(
      BasicAndHooked.self, ingredients: [makeHookedData()])

    private static func makeHookedData() -> AnyIngredient {
      let dataset = Ingredient(HookedData.self)
      dataset.configHook { ($0.size, $0.fromHook) = (77, $1) }
      return dataset
    }
  }

  // MARK: - Configurations

  @Config final class Basic {
    /// The ten.
    var a = 10
    lazy var b = 3 * a
    /// Above c.
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
  }

  @Config final class SacredOuter {
    var x = 1
    var y = Middle()
  }

  @Config final class Middle {
    var z = 2.5
  }

  @Config final class BasicAndNumber {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    var maybe: Int?
  }

  @Config final class BasicAndNumbers {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    var maybe: [String: Int] = [:]
  }

  @Config final class BasicAndNext {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    lazy var f = a + 1
  }

  @Config final class OuterAndMore {
    var x = 1
    var y = Middle()
    var k: Int?
  }

  @Config final class BasicAndMore {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = OuterAndMore()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
  }

  @Config final class OuterAndNew {
    var x = 1
    var y = Middle()
    var new = 1
  }

  @Config final class BasicAndLater {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = OuterAndNew()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    lazy var g = d.x
  }

  @Config final class MaybeNumber {
    var n: Int?
  }

  @Config final class Numbers {
    var n = [1]
  }

  @Config final class Leaf {
    var l = 1
  }

  @Config final class Branch {
    var x = 5
    var k = Leaf()
  }

  @Config final class Nested {
    var d = Branch()
  }

  @Config final class Changed {
    var xs = [1, 2, 3]
    var ys = ["a": 1, "b": 2]
    lazy var n = xs.count
  }

  @Config final class Tuple {
    var t: Value = [1, [2, 3]]
  }

  @Config final class InnerB {
    var b = 1
  }

  @Config final class SacredInner {
    var a = InnerB()
  }

  @Config final class Odd {
    private var hidden = 1
    var total = 2
    var t: Value = [1, [2, 3]]
    var x = 1
    var y = 2
    var p = 4
    lazy var q = p
  }

  @Config final class SacredData {
    /// Where.
    var path = "/x"
    var size = 10
    lazy var half = Double(size) / 2
  }

  @Config final class BasicAndData {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    var data = SacredData()
  }

  @Config final class DataReader {
    lazy var twice = data.size * 2
    var data = SacredData()
  }

  @Config final class DataHolder {
    var data = SacredData()
  }

  @Config final class HookedData {
    var path = "/x"
    var size = 10
    lazy var half = Double(size) / 2
    var fromHook = ""
  }

  @Config final class BasicAndHooked {
    var a = 10
    lazy var b = 3 * a
    var c = "foo"
    var d = SacredOuter()
    lazy var e = d.y.z * 2
    lazy var big: Bool? = a > 8 ? true : nil
    var data = HookedData()
  }
#endif
