import Foundation
import Synchronization
import Testing

/// An HTTP server on a free port of this machine, which behaves as it is told.
final class TestServer: Sendable {
  /// What happens to a request once it was read.
  enum Behavior: Sendable {
    /// An answer.
    case answer(Int, [String: String] = [:], String = "ok")
    /// Nothing, until the client goes away.
    case stall
    /// The head of an answer with this status, and nothing more until the client goes away.
    case stallInBody(Int)
    /// The connection closes without an answer.
    case close
    /// The head and a part of the body of an answer with this status; then the connection closes.
    case closeInBody(Int)
    /// A body without end and with this status, until the client goes away.
    case endless(Int)
    /// Bytes that are no HTTP.
    case garbage
  }

  /// A request as it came.
  struct Request: Sendable {
    var method = ""
    var path = ""
    /// The headers, their names in small letters.
    var headers: [String: String] = [:]
    var body: [UInt8] = []
  }

  private struct Storage {
    var behaviors: [Behavior]
    var requests: [Request] = []
  }

  private let listener: Int32
  let port: UInt16
  private let storage: Mutex<Storage>

  /// Starts a server.
  ///
  /// - Parameter behaviors: What happens to each request in turn; the last stands for all others.
  /// - Throws: A failed expectation if there is no free port.
  init(_ behaviors: Behavior...) throws {
    let (socket, port) = try Self.bound()
    try #require(listen(socket, 16) == 0)
    (listener, self.port) = (socket, port)
    storage = Mutex(Storage(behaviors: behaviors))
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(socket, nil, nil)
        guard connection >= 0, let self else { break }
        Thread.detachNewThread { [weak self] in
          self?.serve(connection)
          close(connection)
        }
      }
      close(socket)
    }
  }

  /// A socket that is bound to a free port, and the port.
  private static func bound() throws -> (socket: Int32, port: UInt16) {
    #if canImport(Glibc)
      let socket = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let socket = Foundation.socket(AF_INET, SOCK_STREAM, 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && getsockname(socket, address, &length) == 0
      }
    }
    try #require(isBound)
    return (socket, UInt16(bigEndian: address.sin_port))
  }

  /// A port that refuses connections, and stays taken while the tests run.
  static func refusingPort() throws -> UInt16 { try bound().port }

  // What waits for a connection gets none.
  deinit { shutdown(listener, Int32(SHUT_RDWR)) }

  /// The address of a path.
  func url(_ path: String = "/hook") -> String { "http://127.0.0.1:\(port)\(path)" }

  /// The requests that came, in order.
  var requests: [Request] { storage.withLock(\.requests) }

  /// The bodies that came, in order.
  var bodies: [String] { requests.map { String(decoding: $0.body, as: UTF8.self) } }

  private func serve(_ connection: Int32) {
    var buffer: [UInt8] = []
    if skipSOCKS(connection, &buffer) { record(Request(method: "SOCKS")) }
    while let request = read(connection, &buffer) {
      let behavior = storage.withLock { storage in
        storage.requests.append(request)
        guard request.method != "CONNECT" else { return Behavior.answer(200, [:], "") }
        return storage.behaviors.count > 1
          ? storage.behaviors.removeFirst() : storage.behaviors.first ?? .stall
      }
      switch behavior {
      case .answer(let status, let headers, let body):
        let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let length = request.method == "CONNECT" ? "" : "Content-Length: \(body.utf8.count)\r\n"
        send(connection, "HTTP/1.1 \(status) Word\r\n\(length)\(lines)\r\n\(body)")
        continue
      case .stall: break
      case .stallInBody(let status):
        send(connection, "HTTP/1.1 \(status) Word\r\nContent-Length: 100\r\n\r\nbeginning")
      case .close: return
      case .closeInBody(let status):
        send(connection, "HTTP/1.1 \(status) Word\r\nContent-Length: 100\r\n\r\nbeginning")
        return
      case .endless(let status):
        send(connection, "HTTP/1.1 \(status) Word\r\nContent-Length: 9000000000000\r\n\r\n")
        let block = String(repeating: "x", count: 65_536)
        while send(connection, block) {}
        return
      case .garbage:
        send(connection, "\u{1}\u{2} this is no answer\r\n\r\n")
        return
      }
      // Until the client goes away.
      while receive(connection, &buffer) {}
    }
  }

  private func record(_ request: Request) { storage.withLock { $0.requests.append(request) } }

  /// Answers the greeting of a SOCKS client, if this is one.
  private func skipSOCKS(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
    while buffer.count < 2 { guard receive(connection, &buffer) else { return false } }
    guard buffer[0] == 5 else { return false }
    let greeting = 2 + Int(buffer[1])
    while buffer.count < greeting { guard receive(connection, &buffer) else { return false } }
    buffer.removeFirst(greeting)
    send(connection, [5, 0])
    while buffer.count < 5 { guard receive(connection, &buffer) else { return false } }
    let length = buffer[3] == 1 ? 10 : buffer[3] == 3 ? 7 + Int(buffer[4]) : 22
    while buffer.count < length { guard receive(connection, &buffer) else { return false } }
    buffer.removeFirst(length)
    send(connection, [5, 0, 0, 1, 0, 0, 0, 0, 0, 0])
    return true
  }

  /// Reads a whole request; `nil` once the client goes away.
  private func read(_ connection: Int32, _ buffer: inout [UInt8]) -> Request? {
    var end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
    while end == nil {
      guard receive(connection, &buffer) else { return nil }
      end = buffer.firstRange(of: Array("\r\n\r\n".utf8))
    }
    guard let end else { return nil }
    let lines = String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
      .components(separatedBy: "\r\n")
    buffer.removeFirst(end.upperBound)
    let words = lines[0].split(separator: " ").map(String.init)
    guard words.count == 3 else { return nil }
    var request = Request(method: words[0], path: words[1])
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { continue }
      request.headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let count = Int(request.headers["content-length"] ?? "") ?? 0
    while buffer.count < count { guard receive(connection, &buffer) else { return nil } }
    request.body = Array(buffer.prefix(count))
    buffer.removeFirst(count)
    return request
  }

  /// Waits for more bytes; `false` once there will be none.
  private func receive(_ connection: Int32, _ buffer: inout [UInt8]) -> Bool {
    var part = [UInt8](repeating: 0, count: 65_536)
    let count = recv(connection, &part, part.count, 0)
    guard count > 0 else { return false }
    buffer += part[..<count]
    return true
  }

  @discardableResult private func send(_ connection: Int32, _ text: String) -> Bool {
    send(connection, Array(text.utf8))
  }

  @discardableResult private func send(_ connection: Int32, _ bytes: [UInt8]) -> Bool {
    #if canImport(Glibc)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        Foundation.send(connection, $0.baseAddress, $0.count, flags)
      }
      guard count > 0 else { return false }
      rest.removeFirst(count)
    }
    return true
  }
}
