/// Files that people keep secrets in, whose content never goes into a record by itself.
enum SecretFiles {
  private static let endings = [
    ".env", ".pem", ".key", ".p12", ".pfx", ".keystore", ".jks", ".kdbx", ".ppk", ".gpg",
  ]
  private static let beginnings = ["id_rsa", "id_ed25519", "id_ecdsa", "credentials", "secrets"]

  /// Whether a file is left out: hidden, or named like one with keys or passwords.
  ///
  /// - Parameter path: The path, relative to the folder that it was found in.
  /// - Returns: Whether it may hold secrets.
  static func contains(_ path: String) -> Bool {
    if path.hasHiddenPart(after: 0) { return true }
    let name = path.lastPart.lowercased()
    return endings.contains { name.hasSuffix($0) } || beginnings.contains { name.hasPrefix($0) }
  }
}
