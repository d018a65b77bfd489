import Dispatch
import Synchronization

/// Transforms elements on all processors; the results are in the order of the elements.
func concurrentMap<Element: Sendable, Output: Sendable>(
  _ elements: [Element], _ transform: @Sendable (Element) -> Output
) -> [Output] {
  guard elements.count > 1 else { return elements.map(transform) }
  let results = Mutex([Output?](repeating: nil, count: elements.count))
  DispatchQueue.concurrentPerform(iterations: elements.count) { place in
    let output = transform(elements[place])
    results.withLock { $0[place] = output }
  }
  return results.withLock { $0.compactMap { $0 } }
}
