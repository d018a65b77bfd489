#if Macros
  import SwiftSyntax

  /// The instance members of a class, and which of them each one uses.
  struct ConfigMembers {
    /// A property or a method.
    struct Member {
      enum Kind { case stored, lazy, computed, method }

      var name: String
      var kind: Kind
      var references: [MemberReference] = []
      var parameters: [Parameter] = []
    }

    /// A parameter of a method.
    struct Parameter {
      var label: String
      var isOptional: Bool
    }

    private(set) var members: [Member] = []
    private var places: [String: [Int]] = [:]

    init(of list: MemberBlockItemListSyntax) { add(list) }

    private mutating func add(_ list: MemberBlockItemListSyntax) {
      for item in list {
        if let variable = item.decl.as(VariableDeclSyntax.self), !variable.modifiers.isStatic {
          for binding in variable.bindings { add(binding, of: variable) }
        } else if let function = item.decl.as(FunctionDeclSyntax.self),
          !function.modifiers.isStatic
        {
          add(function)
        } else if let condition = item.decl.as(IfConfigDeclSyntax.self) {
          for case .decls(let list) in condition.clauses.compactMap(\.elements) { add(list) }
        }
      }
    }

    private mutating func add(_ binding: PatternBindingSyntax, of variable: VariableDeclSyntax) {
      guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier else { return }
      var member = Member(name: name.plainName, kind: .stored)
      if variable.modifiers.first(.lazy) != nil {
        member.kind = .lazy
        member.references = MemberReferences.of(binding.initializer?.value)
      } else if let block = binding.accessorBlock, binding.initializer == nil {
        member.kind = .computed
        member.references = MemberReferences.of(block)
      }
      add(member)
    }

    private mutating func add(_ function: FunctionDeclSyntax) {
      let parameters = function.signature.parameterClause.parameters
      add(
        Member(
          name: function.name.plainName, kind: .method,
          references: MemberReferences.of(
            function.body, parameters: parameters.map { ($0.secondName ?? $0.firstName).plainName }),
          parameters: parameters.map {
            Parameter(
              label: $0.firstName.tokenKind == .wildcard ? "" : $0.firstName.plainName,
              isOptional: $0.defaultValue != nil || $0.ellipsis != nil)
          }))
    }

    private mutating func add(_ member: Member) {
      places[member.name, default: []].append(members.count)
      members.append(member)
    }

    /// Whether the class itself has a member of a name.
    func contains(_ name: String) -> Bool { places[name] != nil }

    /// The members that a use may mean.
    private func candidates(for reference: MemberReference) -> [Int] {
      let all = places[reference.name] ?? []
      guard let labels = reference.labels else { return all }
      let callable = all.filter { members[$0].accepts(labels) }
      return callable.isEmpty ? all : callable
    }

    // MARK: What a member is computed from

    /// The names of the entries that an entry's default is computed from, also by way of others.
    ///
    /// No two entries depend on each other: where conditions decide which one needs the other,
    /// the later one needs the earlier.
    ///
    /// - Parameter entries: The names of all entries, in order.
    /// - Returns: For each entry that depends on others their names, in order.
    func dependencies(among entries: [String]) -> [String: [String]] {
      var reached: [String: Set<String>] = [:]
      var wholes: Set<String> = []
      for name in entries {
        let all = closure(from: places[name] ?? [])
        reached[name] = Set(entries).intersection(all.names).subtracting([name])
        if all.usesSelf { wholes.insert(name) }
      }
      // The object as a whole may be asked for all that is not computed from it in turn.
      let simple = entries.filter {
        !wholes.contains($0) && reached[$0]?.isDisjoint(with: wholes) == true
      }
      for name in entries where !simple.contains(name) {
        reached[name]?.formUnion(simple)
        reached[name]?.remove(name)
      }
      var result: [String: [String]] = [:]
      for (index, name) in entries.enumerated() {
        let names = entries.enumerated().compactMap { place, other -> String? in
          guard reached[name]?.contains(other) == true else { return nil }
          return place > index && reached[other]?.contains(name) == true ? nil : other
        }
        if !names.isEmpty { result[name] = names }
      }
      return result
    }

    private func closure(from start: [Int]) -> (names: Set<String>, usesSelf: Bool) {
      var seen = Set(start)
      var rest = start
      var names: Set<String> = []
      var usesSelf = false
      while let place = rest.popLast() {
        for reference in members[place].references {
          if reference.name == "self" { usesSelf = true }
          for next in candidates(for: reference) {
            names.insert(members[next].name)
            if seen.insert(next).inserted { rest.append(next) }
          }
        }
      }
      return (names, usesSelf)
    }

    // MARK: Circles

    /// The lazy properties that are computed from themselves, each with the way that leads back.
    ///
    /// A way goes through a method that takes parameters only where it always goes on, since the
    /// parameters may decide.
    ///
    /// - Returns: One circle for each group of properties, such as `["a", "b", "a"]`.
    func circles() -> [[String]] {
      var circles: [[String]] = []
      var told: Set<Int> = []
      for place in members.indices where members[place].kind == .lazy && !told.contains(place) {
        guard let way = shortestWay(from: place) else { continue }
        told.formUnion(way)
        circles.append(way.map { members[$0].name })
      }
      return circles
    }

    private func certainUses(of place: Int) -> [Int] {
      let member = members[place]
      let mayDecide = !member.parameters.isEmpty
      return member.references.compactMap { reference in
        if mayDecide && reference.isConditional { return nil }
        let candidates = candidates(for: reference)
        return candidates.count == 1 ? candidates[0] : nil
      }
    }

    private func shortestWay(from start: Int) -> [Int]? {
      var previous: [Int: Int] = [:]
      var layer = [start]
      while !layer.isEmpty {
        var next: [Int] = []
        for place in layer {
          for use in certainUses(of: place) {
            if use == start {
              var way = [place, start]
              while let before = previous[way[0]] { way.insert(before, at: 0) }
              return way
            }
            if previous[use] == nil {
              previous[use] = place
              next.append(use)
            }
          }
        }
        layer = next
      }
      return nil
    }
  }

  extension ConfigMembers.Member {
    /// Whether a method takes arguments with these labels; trailing closures have none.
    fileprivate func accepts(_ labels: [String]) -> Bool {
      guard kind == .method else { return false }
      var rest = parameters[...]
      for label in labels {
        guard let index = rest.firstIndex(where: { $0.label == label }) else { return false }
        guard rest[..<index].allSatisfy(\.isOptional) else { return false }
        rest = rest[(index + 1)...]
      }
      return true
    }
  }
#endif
