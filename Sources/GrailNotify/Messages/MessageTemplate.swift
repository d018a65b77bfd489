import GrailCore
import OrderedCollections

/// A text with fields in braces: the part of Python's format strings that messages need.
///
/// `{result}` is a field, `{config[data][path]}` an entry of an entry, `{{` and `}}` a brace. A field
/// may end in a conversion and a layout, `{result!r}`, `{config[rate]:.3f}`, `{start_time:%H:%M}`.
/// What can be wrong is found when the template is made. An entry that a run does not have is shown
/// as it is written in the template, and a layout that a value cannot have is left out: a message
/// with a blemish beats none.
struct MessageTemplate: Hashable, Sendable {
  private enum Part: Hashable { case text(String), field(Field) }

  private struct Field: Hashable {
    /// The field as it is written, braces included.
    var source: String
    var name: String
    /// The entries that are looked up one in the other.
    var lookups: [String]
    /// Whether a text is shown in quotes.
    var isQuoted: Bool
    var format: Format?
  }

  private enum Format: Hashable { case value(TextFormat), time(TimeFormat) }

  private var parts: [Part] = []

  /// Reads a template.
  ///
  /// - Parameters:
  ///   - text: The text with fields in braces.
  ///   - name: What the text is called in an error, such as `completed_text`.
  ///   - fields: The fields that there are.
  /// - Throws: ``NotificationError`` if the text is malformed or names another field.
  init(
    parsing text: String, called name: String, fields: OrderedDictionary<String, MessageField.Kind>
  ) throws(NotificationError) {
    var reader = TemplateReader(text: text, name: name)
    while let piece = try reader.next() {
      switch piece {
      case .text(let text): parts.append(.text(text))
      case .field(let written): parts.append(.field(try Self.field(written, reader, fields)))
      }
    }
  }

  /// The text for a run.
  ///
  /// - Parameters:
  ///   - values: The values of the fields.
  ///   - limit: The most UTF-16 units of the text; longer values are cut until it fits.
  ///   - escape: Makes a value's characters plain in the language of the message.
  /// - Returns: The text.
  func text(_ values: Value.Entries, limit: Int, escape: (String) -> String = { $0 }) -> String {
    var allowance = limit
    while true {
      let text = parts.reduce(into: "") { text, part in
        switch part {
        case .text(let literal): text += literal
        case .field(let field): text += escape(Self.text(of: field, values, limit: allowance))
        }
      }
      if text.utf16.count <= limit { return text }
      guard allowance > 16 else { return text.shortened(to: limit) }
      allowance /= 2
    }
  }
}

// MARK: - Values

extension MessageTemplate {
  private static func text(of field: Field, _ values: Value.Entries, limit: Int) -> String {
    guard var value = values[field.name] else { return field.source }
    for name in field.lookups {
      guard let entry = value.entry(name) else { return field.source }
      value = entry
    }
    if field.isQuoted { value = .text(PythonText.representation(of: value, limit: limit)) }
    let text: String?
    switch (field.format, value) {
    case (.value(let format), _): text = format.text(of: value, limit: limit)
    case (.time(let format), .time(let time)): text = format.text(of: time)
    default: text = nil
    }
    return (text ?? PythonText.text(of: value, limit: limit)).shortened(to: limit)
  }
}

extension Value {
  /// An entry of a map by its name, or of a list by its number.
  fileprivate func entry(_ name: String) -> Value? {
    if case .list(let elements) = self {
      guard let index = Int(name), elements.indices.contains(index) else { return nil }
      return elements[index]
    }
    return self[name]
  }
}

extension String {
  /// The text, or its beginning and `…` where it is longer than some UTF-16 units.
  func shortened(to limit: Int) -> String {
    guard utf8.count > limit, utf16.count > limit else { return self }
    var (kept, count) = ("", 1)
    for character in self {
      count += character.utf16.count
      if count > limit { break }
      kept.append(character)
    }
    return kept + "…"
  }
}

// MARK: - Reading

extension MessageTemplate {
  /// What a field asks for, if there is such a field and it can be asked.
  private static func field(
    _ written: TemplateReader.Written, _ reader: TemplateReader,
    _ fields: OrderedDictionary<String, MessageField.Kind>
  ) throws(NotificationError) -> Field {
    guard let kind = fields[written.name] else {
      let near = fields.keys.closest(to: written.name).map { "; did you mean '\($0)'?" } ?? "."
      throw reader.error(
        .unknownField,
        "there is no field '\(written.name)'\(near)"
          + " The fields are \(fields.keys.joined(separator: ", "))")
    }
    switch kind {
    case .text, .time:
      guard written.lookups.isEmpty else {
        throw reader.error(.unknownField, "'\(written.name)' has no entries: \(written.source)")
      }
    case .entries(let names):
      if let first = written.lookups.first, !names.contains(first) {
        throw reader.error(
          .unknownField,
          "'\(written.name)' has no entry '\(first)'."
            + " Its entries are \(names.joined(separator: ", "))")
      }
    case .any: break
    }
    var field = Field(
      source: written.source, name: written.name, lookups: written.lookups,
      isQuoted: written.isQuoted, format: nil)
    if let layout = written.layout, !layout.isEmpty {
      do throws(TextFormat.Problem) {
        field.format = try format(layout, of: kind, isQuoted: written.isQuoted)
      } catch {
        throw reader.error(.malformedText, "\(written.source): \(error.text)")
      }
    }
    return field
  }

  private static func format(
    _ layout: Substring, of kind: MessageField.Kind, isQuoted: Bool
  ) throws(TextFormat.Problem) -> Format {
    if kind == .time, !isQuoted { return .time(try TimeFormat(parsing: layout)) }
    let format = try TextFormat(parsing: layout)
    if format.isForNumbers, kind == .text || isQuoted {
      throw TextFormat.Problem("':\(layout)' is for numbers, and this is a text")
    }
    return .value(format)
  }
}
