package import Files

/// What segments a store has, by day.
package struct StoreListing: Sendable {
  /// One segment's place.
  package struct Segment: Equatable, Sendable {
    package let writer: String
    package let path: String

    /// Why this is no segment's name; nil when it is one.
    package var fault: SegmentError? { WriterName.isValid(writer) ? nil : .misnamed(path: path) }
  }

  /// The UTC days with segments, ascending, each with its segments by writer name.
  package let days: [(day: Int, segments: [Segment])]
  /// Why days are missing, in their order: a folder of a day that cannot be listed costs no other day.
  package let failures: [FileError]

  /// Lists the store's segments; folders and files of other names are not segments.
  package static func read(_ layout: StoreLayout) throws(FileError) -> StoreListing {
    var days: [(day: Int, segments: [Segment])] = []
    var failures: [FileError] = []
    for folder in try Folders.list(layout.segments) {
      guard let day = StoreLayout.day(ofFolder: folder) else { continue }
      do throws(FileError) {
        let segments = try segments(layout, day: day)
        if !segments.isEmpty { days.append((day, segments)) }
      } catch {
        failures.append(error)
      }
    }
    return StoreListing(days: days, failures: failures)
  }

  /// The segments of one day, by writer name.
  package static func segments(_ layout: StoreLayout, day: Int) throws(FileError) -> [Segment] {
    let folder = layout.segments(day: day)
    return try Folders.list(folder).compactMap { name in
      StoreLayout.writer(ofFile: name).map { Segment(writer: $0, path: "\(folder)/\(name)") }
    }
  }
}
