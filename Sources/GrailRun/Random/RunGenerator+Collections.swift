extension RunGenerator {
  /// Puts the elements of a collection in random order, each order as likely as the others.
  ///
  /// From the last element down to the second, each is swapped with one at or before its place:
  /// Fisher and Yates' method in the form of Durstenfeld.
  ///
  /// - Parameter elements: What is put in order, such as an array.
  /// - Complexity: O(*n*), where *n* is the number of elements.
  /// - SeeAlso: Richard Durstenfeld, "Algorithm 235: Random permutation", Communications of the ACM 7
  ///   (1964).
  @inlinable
  public mutating func shuffle<Elements: MutableCollection & RandomAccessCollection>(
    _ elements: inout Elements
  ) {
    var remaining = elements.count
    while remaining > 1 {
      let place = int(in: 0..<remaining)
      remaining -= 1
      elements.swapAt(
        elements.index(elements.startIndex, offsetBy: place),
        elements.index(elements.startIndex, offsetBy: remaining))
    }
  }

  /// Returns the elements of a sequence in random order, each order as likely as the others.
  ///
  /// - Parameter elements: What is put in order, such as `0..<100`; it must end.
  /// - Returns: The array of the elements, as ``shuffle(_:)`` puts it in order.
  /// - Complexity: O(*n*), where *n* is the number of elements.
  @inlinable
  public mutating func shuffled<Elements: Sequence>(_ elements: Elements) -> [Elements.Element] {
    var result = Array(elements)
    shuffle(&result)
    return result
  }

  /// Returns an element of a collection, each as likely as the others.
  ///
  /// - Parameter elements: What to choose from.
  /// - Returns: The element at the offset that `int(in:)` gives; `nil` if there is none, in which
  ///   case the generator stays as it is.
  /// - Complexity: O(1) for a collection with random access, otherwise O(*n*).
  @inlinable
  public mutating func choice<Elements: Collection>(of elements: Elements) -> Elements.Element? {
    let count = elements.count
    guard count > 0 else { return nil }
    return elements[elements.index(elements.startIndex, offsetBy: int(in: 0..<count))]
  }

  /// Returns different elements of a sequence in random order, each selection as likely as the others.
  ///
  /// These are the first steps of a shuffle from the front: each place gets, by a swap, an element
  /// at or behind it.
  ///
  /// - Parameters:
  ///   - elements: What to choose from; it must end.
  ///   - count: How many elements to choose; none if it is negative.
  /// - Returns: So many elements, none of them twice; all of them, in random order, if they are fewer.
  /// - Complexity: O(*n*), where *n* is the number of elements.
  @inlinable
  public mutating func sample<Elements: Sequence>(
    of elements: Elements, count: Int
  ) -> [Elements.Element] {
    var result = Array(elements)
    let count = max(0, min(count, result.count))
    for place in 0..<count {
      result.swapAt(place, int(in: place..<result.count))
    }
    result.removeSubrange(count...)
    return result
  }
}
