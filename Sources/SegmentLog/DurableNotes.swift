package import Files

/// What the writers of a store last made durable, by day.
package struct DurableNotes: Sendable {
  /// One writer's note.
  package struct Entry: Sendable {
    package let writer: String
    package let note: DurableNote
  }

  private var days: [Int: [Entry]] = [:]

  /// Reads the notes of all writers; what cannot be read tells nothing.
  ///
  /// Cost: opens one small file a writer.
  package init(_ layout: StoreLayout) {
    for writer in (try? Folders.list(layout.locks)) ?? [] where WriterName.isValid(writer) {
      guard let lock = try? File(layout.lock(writer: writer), .read) else { continue }
      for note in DurableNote.readAll(lock) {
        days[note.day, default: []].append(Entry(writer: writer, note: note))
      }
    }
  }

  /// The notes about a day, by writer.
  package func notes(day: Int) -> [Entry] { days[day] ?? [] }

  /// Takes the notes about a day away, so that what they tell of may be missing.
  package static func forget(_ layout: StoreLayout, day: Int) throws(FileError) {
    for entry in DurableNotes(layout).notes(day: day) {
      let lock = try File(layout.lock(writer: entry.writer), .update)
      try lock.lock()
      try DurableNote.clear(lock, day: day)
    }
  }
}

extension SegmentFile {
  /// Whether a note is about this file; where nothing is left of a file, it does not matter which one it was.
  package func isSubject(of note: DurableNote) -> Bool {
    sizeBytes == 0 || (try? file.mark())?.inode == note.inode
  }
}
