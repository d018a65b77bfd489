import Foundation
import Testing

/// A server with a certificate of its own making, which counts what it is told.
final class TLSServer {
  let port: Int
  private let folder: URL
  private let process: Process

  /// Starts a server on a free port; `nil` where what makes the certificate or serves is missing.
  ///
  /// - Parameter isPlain: Whether it speaks HTTP without TLS after all.
  /// - Throws: An error of what makes the certificate, or serves.
  init?(isPlain: Bool = false) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "tls-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let maker = Process()
    maker.executableURL = URL(filePath: "/usr/bin/env")
    maker.arguments =
      "openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out certificate -days 2 -subj /CN=localhost"
      .split(separator: " ").map(String.init)
    maker.currentDirectoryURL = folder
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()
    guard maker.terminationStatus == 0 else {
      print("left out: there is no openssl")
      return nil
    }
    process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.program, isPlain ? "plain" : "tls"]
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    guard let found = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      print("left out: there is no python3")
      return nil
    }
    port = found
  }

  deinit {
    if process.isRunning { process.terminate() }
    try? FileManager.default.removeItem(at: folder)
  }

  /// How many requests arrived whole.
  var requestCount: Int {
    (try? String(contentsOf: folder.appending(path: "requests"), encoding: .utf8).count) ?? 0
  }

  /// Prints its port, and ends by itself after a minute.
  private static let program = """
    import http.server, os, ssl, sys, threading
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            open("requests", "a").write(".")
            self.send_response(204)
            self.end_headers()
        def log_message(self, *words): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("certificate", "key")
    if sys.argv[1] == "tls":
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Timer(60, lambda: os._exit(0)).start()
    print(server.server_port, flush=True)
    server.serve_forever()
    """
}
