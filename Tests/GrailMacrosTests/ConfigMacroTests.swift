#if Macros
  import Testing

  @Suite struct ConfigMacroTests {
    @Test func `a class lists its properties`() {
      assertExpansion(
        #"""
        /// How the network is trained.
        ///
        /// In "epochs".
        @Config final class Training {
          /// Number of
          /// hidden layers.
          var layers = 7
          var epochs = 20, `default`: Int? // How often.
          lazy var alpha = 1 / Double(layers).squareRoot()
          lazy var path: String = required()
          static let shared = 1
          private var cache = 2
          var twice: Int { layers * 2 }
        }
        """#,
        expandsTo: #"""
          /// How the network is trained.
          ///
          /// In "epochs".
          final class Training {
            /// Number of
            /// hidden layers.
            var layers = 7
            var epochs = 20, `default`: Int? // How often.
            lazy var alpha = 1 / Double(layers).squareRoot()
            lazy var path: String = required()
            static let shared = 1
            private var cache = 2
            var twice: Int { layers * 2 }

            init() {
            }

            static var configFields: [Grail.ConfigField<Training>] {
              var fields: [Grail.ConfigField<Training>] = []
              fields.reserveCapacity(5)
              fields.append(Grail.ConfigField("layers", \Training.layers, help: "Number of hidden layers."))
              fields.append(Grail.ConfigField("epochs", \Training.epochs, help: "How often."))
              fields.append(Grail.ConfigField("default", \Training.`default`, help: "How often."))
              fields.append(Grail.ConfigField("alpha", \Training.alpha, dependencies: ["layers"], set: {
                    $0.alpha = $1
                  }))
              fields.append(Grail.ConfigField("path", \Training.path, isRequired: true, set: {
                    $0.path = $1
                  }))
              return fields
            }

            static var configHelp: String {
              "How the network is trained.\n\nIn \"epochs\"."
            }
          }

          extension Training: Grail.Configuration {
          }
          """#)
    }

    @Test(arguments: [("public", "public "), ("package", "package "), ("fileprivate", "")])
    func `members are as visible as the class`(modifier: String, access: String) {
      assertExpansion(
        """
        @Config \(modifier) final class A {
          init() {}
        }
        """,
        expandsTo: """
          \(modifier) final class A {
            init() {}

            \(access)static var configFields: [Grail.ConfigField<A>] {
              var fields: [Grail.ConfigField<A>] = []
              fields.reserveCapacity(0)

              return fields
            }

            \(access)static var configHelp: String {
              ""
            }
          }

          extension A: Grail.Configuration {
          }
          """)
    }

    @Test func `entries inside conditions stay inside them`() {
      assertExpansion(
        """
        @Config final class A: Sendable {
          #if os(Linux)
          @available(*, deprecated) var a = 1
          #elseif DEBUG
          var b = 1
          #else
          var c = 1
          #endif
          convenience init(b: Int) { self.init() }
        }
        """,
        expandsTo: #"""
          final class A: Sendable {
            #if os(Linux)
            @available(*, deprecated) var a = 1
            #elseif DEBUG
            var b = 1
            #else
            var c = 1
            #endif
            convenience init(b: Int) { self.init() }

            @_nonoverride init() {
            }

            @available(*, deprecated) static var configFields: [Grail.ConfigField<A>] {
              func check(_ parent: some Sendable, for own: A) {
                @available(*, unavailable, message: "'A' has a superclass, and the entries are the properties of one class; remove 'Sendable', and hold what is shared in a property")
                func superclass(_ kind: Grail.ConfigParent.Superclass) {
                }
                func superclass(_ kind: Grail.ConfigParent.Interface) {
                }
                let kind = Grail.ConfigParent.kind(of: parent, for: own)
                superclass(kind)
              }
              var fields: [Grail.ConfigField<A>] = []
              fields.reserveCapacity(3)
              #if os(Linux)
              fields.append(Grail.ConfigField("a", \A.a))
              #elseif DEBUG
              fields.append(Grail.ConfigField("b", \A.b))
              #else
              fields.append(Grail.ConfigField("c", \A.c))
              #endif
              return fields
            }

            static var configHelp: String {
              ""
            }
          }

          extension A: Grail.Configuration {
          }
          """#)
    }

    @Test func `an enum lists its branches`() {
      assertExpansion(
        """
        /// How to step.
        @Config public enum Optimizer: ConfigChoice {
          /// Plain.
          case sgd(SGD), adam(Nets.Adam)
          case `default`
        }
        """,
        expandsTo: #"""
          /// How to step.
          public enum Optimizer: ConfigChoice {
            /// Plain.
            case sgd(SGD), adam(Nets.Adam)
            case `default`
          }

          extension Optimizer {
            public enum View: Sendable {
              case sgd(Grail.ConfigView<SGD>)
              case adam(Grail.ConfigView<Nets.Adam>)
              case `default`
            }

            public func configView(by viewer: Grail.ConfigViewer) -> View {
              switch self {
              case .sgd(let object):
                .sgd(viewer.view(of: object))
              case .adam(let object):
                .adam(viewer.view(of: object))
              case .`default`:
                .`default`
              }
            }

            public static var configBranches: [Grail.ConfigBranch<Optimizer>] {
              [
                Grail.ConfigBranch("sgd", SGD.self, help: "Plain.", make: {
                    Optimizer.sgd($0)
                  }, extract: {
                    if case .sgd(let object) = $0 {
                      object
                    } else {
                      nil
                    }
                  }),
                Grail.ConfigBranch("adam", Nets.Adam.self, help: "Plain.", make: {
                    Optimizer.adam($0)
                  }, extract: {
                    if case .adam(let object) = $0 {
                      object
                    } else {
                      nil
                    }
                  }),
                Grail.ConfigBranch("default", make: {
                    Optimizer.`default`
                  }, matches: {
                    if case .`default` = $0 {
                      true
                    } else {
                      false
                    }
                  })
              ]
            }

            public static var configHelp: String {
              "How to step."
            }
          }
          """#)
    }
  }
#endif
