import GrailCore

/// What a service answered.
struct WebReply: Sendable {
  /// The status code.
  var status: Int
  /// The time after which another request makes sense, where the service said so.
  var retryAfter: Duration?
  /// The beginning of the body, if the status is no success.
  var body: [UInt8] = []

  /// Whether the service took the request.
  var isSuccess: Bool { 200...299 ~= status }

  /// Whether another request may succeed.
  private var isTemporary: Bool {
    [408, 425, 429].contains(status) || 500...599 ~= status
  }

  /// The body as a reason, if it is text that says one.
  var reason: String? {
    let text = String(decoding: body, as: UTF8.self).trimmed
    // A page for browsers says less than the status.
    return text.isEmpty || text.hasPrefix("<") ? nil : text
  }

  /// The error of a reply that is no success.
  ///
  /// - Parameters:
  ///   - request: What was sent.
  ///   - reason: What the service says of it.
  ///   - retryAfter: When to come again, where the body says so.
  /// - Returns: The error; final unless another request may succeed.
  func error(
    of request: WebRequest, reason: String?, retryAfter: Duration? = nil
  ) -> DeliveryError {
    // The words go first, or a cut could leave a part of one.
    let said = reason.map { ": '\(request.allSecrets.line(from: $0, limit: 200))'" } ?? ""
    if 300...399 ~= status {
      return request.error(
        "answered \(status), which leads to another address; name that address", isFinal: true)
    }
    return request.error(
      "answered \(status)\(said)\(isTemporary ? "" : "; it is not sent again")",
      retryAfter: isTemporary ? retryAfter ?? self.retryAfter : nil, isFinal: !isTemporary)
  }
}
