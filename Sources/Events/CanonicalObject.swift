/// Reading the canonical objects inside stored lines.
package enum CanonicalObject {
  /// Calls `body` with the insides of each key and text value of a canonical object of texts.
  package static func forEachText(_ object: RawSpan, _ body: (RawSpan, RawSpan) -> Void) {
    var at = 1
    do throws(EventFault) {
      while at < object.byteCount, JSONScanner.byte(object, at) == UInt8(ascii: "\"") {
        let keyEnd = try JSONScanner.stringEnd(object, at + 1).end
        let start = keyEnd + 2
        let end = try JSONScanner.valueEnd(object, start)
        if JSONScanner.byte(object, start) == UInt8(ascii: "\"") {
          body(object.extracting((at + 1)..<keyEnd), object.extracting((start + 1)..<(end - 1)))
        }
        at = end + 1
      }
    } catch {
      // The parser checked the object as JSON; a stored line that is not canonical ends the walk early.
      return
    }
  }
}
