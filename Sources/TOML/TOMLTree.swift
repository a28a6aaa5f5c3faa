//! The tables of a document while it is read, with TOML's rules about what may be said twice: a table has one heading, or one
//! section whose dotted keys make it; a heading may pass through tables, and a list of tables grows by headings only. What
//! stands behind `=` is a value that nothing is added to.

/// One part of a key, and where it stands.
struct TOMLKey {
  let text: String
  let line: Int
  /// In bytes from the start of the document.
  let offset: Int
}

/// Tables that grow.
struct TOMLTree {
  /// What made a table.
  private enum Origin {
    /// The document, an inline table or `[[a]]`.
    case whole
    /// `[a.b]` passed through `a`.
    case passed
    /// `[a]`.
    case heading
    /// `a.b = 1` in the section of this number.
    case dotted(section: Int)
  }

  private enum Node {
    case value(TOMLValue)
    /// An index in `tables`.
    case table(Int)
    /// An index in `lists`.
    case list(Int)
  }

  private struct Table {
    var origin: Origin
    var line: Int
    var entries: [(key: TOMLKey, node: Node)] = []
    var places: [TOMLName: Int] = [:]
  }

  private var tables: [Table]
  /// The tables of each list of tables.
  private var lists: [[Int]] = []
  /// The table of the last heading.
  private var current = 0
  private var section = 0

  /// - Parameter line: where the outermost table begins.
  init(line: Int = 1) { tables = [Table(origin: .whole, line: line)] }

  /// What the key of a table is, and where; nil when there is none.
  private func find(_ key: TOMLKey, in table: Int) -> Int? { tables[table].places[TOMLName(key.text)] }

  private mutating func add(_ node: Node, _ key: TOMLKey, to table: Int) {
    tables[table].places[TOMLName(key.text)] = tables[table].entries.count
    tables[table].entries.append((key, node))
  }

  private mutating func addTable(_ origin: Origin, _ key: TOMLKey, to table: Int) -> Int {
    tables.append(Table(origin: origin, line: key.line))
    add(.table(tables.count - 1), key, to: table)
    return tables.count - 1
  }

  /// `path = value` in the section of the last heading.
  mutating func set(_ path: [TOMLKey], _ value: TOMLValue) throws(TOMLFault) {
    var table = current
    for key in path.dropLast() { table = try dotted(key, of: path, in: table) }
    guard let last = path.last else { return }
    if let place = find(last, in: table) {
      throw Self.twice(path, first: tables[table].entries[place].key)
    }
    add(.value(value), last, to: table)
  }

  /// The table that a dotted key leads into.
  private mutating func dotted(_ key: TOMLKey, of path: [TOMLKey], in table: Int) throws(TOMLFault) -> Int {
    guard let place = find(key, in: table) else { return addTable(.dotted(section: section), key, to: table) }
    let entry = tables[table].entries[place]
    guard case .table(let next) = entry.node else { throw Self.closed(path, entry.key, entry.node) }
    switch tables[next].origin {
    case .passed: tables[next].origin = .dotted(section: section)
    case .dotted(let section) where section == self.section: break
    default:
      throw TOMLFault(
        "\(Self.name(path)) adds to a table that line \(entry.key.line) has made",
        "put it under the heading of that table")
    }
    return next
  }

  /// Begins the section `[path]`.
  mutating func open(_ path: [TOMLKey]) throws(TOMLFault) {
    let parent = try pass(path)
    guard let last = path.last else { return }
    section += 1
    guard let place = find(last, in: parent) else {
      current = addTable(.heading, last, to: parent)
      return
    }
    let entry = tables[parent].entries[place]
    guard case .table(let table) = entry.node, case .passed = tables[table].origin else {
      if case .list = entry.node {
        throw TOMLFault(
          "[\(Self.name(path))] is a list of tables since line \(entry.key.line)",
          "write [[\(Self.name(path))]]")
      }
      throw Self.twice(path, first: entry.key, isHeading: true)
    }
    tables[table].origin = .heading
    // From here on the place of the table is that of its own heading.
    tables[table].line = last.line
    tables[parent].entries[place].key = last
    current = table
  }

  /// Begins one more element of the list `[[path]]`.
  mutating func append(_ path: [TOMLKey]) throws(TOMLFault) {
    let parent = try pass(path)
    guard let last = path.last else { return }
    section += 1
    tables.append(Table(origin: .whole, line: last.line))
    current = tables.count - 1
    guard let place = find(last, in: parent) else {
      lists.append([current])
      return add(.list(lists.count - 1), last, to: parent)
    }
    let entry = tables[parent].entries[place]
    guard case .list(let list) = entry.node else {
      throw TOMLFault(
        "[[\(Self.name(path))]] is something else since line \(entry.key.line)", "rename one")
    }
    lists[list].append(current)
  }

  /// The table in which the last part of a heading stands.
  private mutating func pass(_ path: [TOMLKey]) throws(TOMLFault) -> Int {
    var table = 0
    for key in path.dropLast() {
      guard let place = find(key, in: table) else {
        table = addTable(.passed, key, to: table)
        continue
      }
      let entry = tables[table].entries[place]
      switch entry.node {
      case .table(let next): table = next
      case .list(let list): table = lists[list].last ?? table
      case .value: throw Self.closed(path, entry.key, entry.node)
      }
    }
    return table
  }

  private static func name(_ path: [TOMLKey]) -> String { TOMLText.path(path.map(\.text)) }

  private static func twice(_ path: [TOMLKey], first: TOMLKey, isHeading: Bool = false) -> TOMLFault {
    let name = isHeading ? "[\(name(path))]" : name(path)
    return TOMLFault("\(name) is there twice, first on line \(first.line)", "remove one")
  }

  private static func closed(_ path: [TOMLKey], _ key: TOMLKey, _ node: Node) -> TOMLFault {
    if case .list = node {
      return TOMLFault(
        "\(name(path)) adds to the list of tables of line \(key.line)",
        "put it under its heading [[\(TOMLText.key(key.text))]]")
    }
    return TOMLFault(
      "\(name(path)) adds to \(TOMLText.key(key.text)), which line \(key.line) has set",
      "put it there, or rename one")
  }

  /// All that was said.
  var whole: TOMLTable { table(0) }

  /// As deep as the document is nested, which the parser bounds.
  private func table(_ index: Int) -> TOMLTable {
    let entries = tables[index].entries.map { key, node in
      TOMLTable.Entry(key: key.text, line: key.line, value: value(node, key.line))
    }
    return TOMLTable(entries, places: tables[index].places)
  }

  private func value(_ node: Node, _ line: Int) -> TOMLValue {
    func value(_ table: Int) -> TOMLValue {
      TOMLValue(content: .table(self.table(table)), line: tables[table].line)
    }
    return switch node {
    case .value(let value): value
    case .table(let table): value(table)
    case .list(let list): TOMLValue(content: .array(lists[list].map(value)), line: line)
    }
  }
}
