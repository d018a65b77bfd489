import GrailRun
import Testing

@Suite struct RedactionTests {
  @Test(arguments: [
    "AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "PASSWORD", "db.password", "apiKey", "api-key",
    "--auth-token", "SLURM_JWT", "OPENAI_API_KEY", "accessKey", "PGPASSWORD", "user.pwd",
    "GRAIL_SLACK_WEBHOOK", "GRAIL_WEBHOOK_URL", "GRAIL_TELEGRAM_TOKEN",
  ])
  func `takes a name for that of a secret`(name: String) {
    #expect(Redaction.isSecretName(name))
  }

  @Test(arguments: [
    "PATH", "layers", "keyframes", "tokenizer", "max_tokens", "author", "--beat-interval",
    "CUDA_VISIBLE_DEVICES", "passes",
  ])
  func `takes a name for no secret's`(name: String) { #expect(!Redaction.isSecretName(name)) }

  @Test(arguments: [
    ("https://user:token@host/a.git", "https://host/a.git"),
    ("https://token@host:443/a", "https://host:443/a"),
    ("ssh://git@host/a", "ssh://host/a"),
    ("git@host:group/a.git", "git@host:group/a.git"),
    ("https://user:pa/ss@host/a", "https://host/a"),
    ("https://user:p@ss@host/a", "https://host/a"),
    ("http://host:8080/a@b", "http://host:8080/a@b"),
    ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
    ("see https://u:p@h and ftp://x:y@z, both", "see https://h and ftp://z, both"),
    ("https://h/a?b=1&access_token=x&c=2#d", "https://h/a?b=1&access_token=<redacted>&c=2#d"),
    ("https://h/#token=x", "https://h/#token=<redacted>"),
    ("a: b@c", "a: b@c"), ("://", "://"), ("x://@", "x://"), ("x://a:b@", "x://"), ("", ""),
  ])
  func `strips URLs`(text: String, expected: String) {
    #expect(Redaction.urls(in: text) == expected)
    #expect(Redaction.urls(in: expected) == expected)
  }

  @Test func `leaves out the secrets of a command line`() {
    let words = [
      "prog", "with", "layers=3", "password=x", "--token=x", "--api-key", "x", "--key", "--fast",
      "db.password=x", "url=https://u:x@h/", "Authorization: Bearer x", "-F", "https://x@h/",
      "ghp_0123456789012345678901234567", "a=ghp_0123456789012345678901234567", "http://h/a=b",
    ]
    #expect(
      Redaction.arguments(words) == [
        "prog", "with", "layers=3", "password=<redacted>", "--token=<redacted>", "--api-key",
        "<redacted>", "--key", "--fast", "db.password=<redacted>", "url=https://h/",
        "Authorization:<redacted>", "-F", "https://h/", "<redacted>", "a=<redacted>",
        "http://h/a=b",
      ])
  }

  /// Any text around an address with a password, which must not come through.
  @Test(arguments: 0..<300)
  func `no password of a URL comes through`(seed: Int) {
    var generator = SystemRandomNumberGenerator()
    let signs = Array("ab1:/@?#&=%.-_ \"'[]")
    func noise(_ signs: [Character]) -> String {
      String(
        (0..<Int.random(in: 0...6, using: &generator)).map { _ in
          signs.randomElement(using: &generator) ?? "a"
        })
    }
    let text =
      noise(signs) + " https://" + noise(Array("ab1.-%")) + ":S3CRET" + noise(Array("ab1:%."))
      + "@host" + noise(signs)
    #expect(!Redaction.urls(in: text).contains("S3CRET"), "\(text)")
  }
}
