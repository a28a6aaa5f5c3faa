//! opencode's messages since it keeps them in SQLite: the same objects, a row each, without their ids inside.

enum OpenCodeDatabase {
  static let format = LogFormat(
    name: "opencode-db", title: "opencode (database)", shape: .lines,
    places: [
      LogPlace(
        variable: "OPENCODE_DATA_DIR", folders: ["$XDG_DATA_HOME/opencode"],
        patterns: ["opencode.db", "opencode-*.db"])
    ],
    isRewritten: true,
    query: """
      SELECT json_patch(data, json_object('id', id, 'sessionID', session_id)) FROM message \
      WHERE json_extract(data, '$.role') = 'assistant' ORDER BY rowid
      """,
    recognises: { $0.isDatabase },
    reader: { _ in OpenCode.Reader(source: OpenCode.format.name) })
}
