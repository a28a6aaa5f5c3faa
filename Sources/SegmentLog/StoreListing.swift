package import Files

/// What segments a store has, by day.
package struct StoreListing: Equatable, Sendable {
  /// One segment's place.
  package struct Segment: Equatable, Sendable {
    package let writer: String
    package let path: String
  }

  /// The UTC days with segments, ascending, each with its segments by writer name.
  package let days: [(day: Int, segments: [Segment])]

  /// Lists the store's segments; folders and files of other names are not segments.
  package static func read(_ layout: StoreLayout) throws(FileError) -> StoreListing {
    var days: [(day: Int, segments: [Segment])] = []
    for folder in try Folders.list(layout.segments) {
      guard let day = StoreLayout.day(ofFolder: folder) else { continue }
      let segments = try segments(layout, day: day)
      if !segments.isEmpty { days.append((day, segments)) }
    }
    return StoreListing(days: days)
  }

  /// The segments of one day, by writer name.
  package static func segments(_ layout: StoreLayout, day: Int) throws(FileError) -> [Segment] {
    let folder = layout.segments(day: day)
    return try Folders.list(folder).compactMap { name in
      StoreLayout.writer(ofFile: name).map { Segment(writer: $0, path: "\(folder)/\(name)") }
    }
  }

  package static func == (a: StoreListing, b: StoreListing) -> Bool {
    a.days.elementsEqual(b.days) { $0.day == $1.day && $0.segments == $1.segments }
  }
}
