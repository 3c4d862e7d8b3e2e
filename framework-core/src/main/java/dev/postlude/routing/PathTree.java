package dev.postlude.routing;

import dev.postlude.http.Endpoint;
import dev.postlude.http.Endpoints.Match;
import dev.postlude.http.Method;
import dev.postlude.http.Params;
import dev.postlude.http.PercentEncoding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes of an app by the segments of their paths. At each segment a literal is tried before
 * typed parameters, these before plain ones and these before the rest of the path, with
 * backtracking, so that the answer does not depend on the order of registration.
 *
 * <p>Built by one thread, then only read.
 */
final class PathTree {
  private final Node root = new Node();
  private final Map<Method, Map<String, Leaf>> literals = new HashMap<>();
  private final Map<String, List<Route>> byMethodAndRank = new HashMap<>();

  /** One place in a path, with what may follow it. */
  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    final List<Branch> branches = new ArrayList<>();
    final Map<Method, Leaf> leaves = new HashMap<>();
  }

  private record Branch(Segment segment, Node node) {}

  /** Where a path has a route for another method: what stands around that, and its parameters. */
  record Place(Scope scope, Params params) {}

  /** The end of a route's path. */
  private record Leaf(Endpoint endpoint, Scope scope, List<String> paramNames, Match literalMatch) {
    Match match(List<String> values) {
      return paramNames.isEmpty() ? literalMatch : new Match(endpoint, params(values));
    }

    Place place(List<String> values) {
      return new Place(scope, params(values));
    }

    private Params params(List<String> values) {
      String[] pairs = new String[2 * paramNames.size()];
      for (int i = 0; i < paramNames.size(); i++) {
        pairs[2 * i] = paramNames.get(i);
        pairs[2 * i + 1] = values.get(i);
      }
      return Params.ofPath(pairs);
    }
  }

  /**
   * Adds a route.
   *
   * @throws IllegalArgumentException when it cannot be told from another one; the message names
   *     both
   */
  void add(Route route, Endpoint endpoint, Scope scope) {
    PathPattern pattern = route.pattern();
    List<Route> rivals =
        byMethodAndRank.computeIfAbsent(
            route.method() + " " + ranks(pattern), key -> new ArrayList<>(1));
    for (Route other : rivals) {
      if (mayMeet(pattern, other.pattern())) {
        String fault =
            other.pattern().shape().equals(pattern.shape())
                ? "twice the same route"
                : "ambiguous routes";
        throw new IllegalArgumentException(
            fault + ": " + route + " and " + other + "; remove one or make it match other paths");
      }
    }
    rivals.add(route);
    Node node = root;
    for (Segment segment : pattern.segments()) {
      node = child(node, segment);
    }
    Leaf leaf =
        new Leaf(endpoint, scope, pattern.paramNames(), new Match(endpoint, Params.ofPath()));
    node.leaves.put(route.method(), leaf);
    if (pattern.isLiteral()) {
      literals.computeIfAbsent(route.method(), method -> new HashMap<>()).put(pattern.text(), leaf);
    }
  }

  private static boolean mayMeet(PathPattern one, PathPattern other) {
    for (int i = 0; i < one.segments().size(); i++) {
      if (!one.segments().get(i).mayMeet(other.segments().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** Equal for patterns between which no rule of precedence decides. */
  private static String ranks(PathPattern pattern) {
    StringBuilder ranks = new StringBuilder();
    for (Segment segment : pattern.segments()) {
      ranks
          .append('/')
          .append(segment.isLiteral() ? segment.literal() : "{" + segment.rank() + "}");
    }
    return ranks.toString();
  }

  private static Node child(Node node, Segment segment) {
    if (segment.isLiteral()) {
      return node.literals.computeIfAbsent(segment.literal(), text -> new Node());
    }
    for (Branch branch : node.branches) {
      if (branch.segment().shape().equals(segment.shape())) {
        return branch.node();
      }
    }
    Branch branch = new Branch(segment, new Node());
    node.branches.add(branch);
    node.branches.sort(PathTree::byRank);
    return branch.node();
  }

  /** Of two expressions of one rank either may come first, but always the same one. */
  private static int byRank(Branch one, Branch other) {
    int rank = Integer.compare(one.segment().rank(), other.segment().rank());
    return rank != 0 ? rank : one.segment().shape().compareTo(other.segment().shape());
  }

  /**
   * The route for a method whose pattern is this very path, or {@code null}: most are found so, and
   * without taking the path apart.
   */
  @Nullable Match findLiteral(Method method, String path) {
    Leaf leaf = literals.getOrDefault(method, Map.of()).get(path);
    if (leaf == null && method.equals(Method.HEAD)) {
      leaf = literals.getOrDefault(Method.GET, Map.of()).get(path);
    }
    return leaf == null ? null : leaf.literalMatch();
  }

  /**
   * The route for a method and a path, still encoded, or {@code null}. At each place a route for
   * {@code GET} stands in for one for {@code HEAD}.
   *
   * @param allowed collects the methods that other routes for the same path answer, and the places
   *     of those
   * @throws dev.postlude.http.HttpException 400 when the path's percent-encoding is malformed
   */
  @Nullable Match find(Method method, String path, Map<Method, Place> allowed) {
    Match literal = findLiteral(method, path);
    return literal != null ? literal : walk(method, path, allowed);
  }

  /** The same for a path that no route's pattern is word for word. */
  @Nullable Match walk(Method method, String path, Map<Method, Place> allowed) {
    return new Search(method, split(path), allowed).from(root, 0);
  }

  private static List<String> split(String path) {
    List<String> segments = new ArrayList<>(8);
    for (int from = 1; from <= path.length(); ) {
      int slash = path.indexOf('/', from);
      int to = slash < 0 ? path.length() : slash;
      segments.add(PercentEncoding.decodePath(path.substring(from, to)));
      from = to + 1;
    }
    return segments;
  }

  /** One walk through the tree. */
  private record Search(
      Method method, List<String> path, Map<Method, Place> allowed, List<String> values) {
    Search(Method method, List<String> path, Map<Method, Place> allowed) {
      this(method, path, allowed, new ArrayList<>(4));
    }

    @Nullable Match from(Node node, int depth) {
      if (depth == path.size()) {
        return at(node);
      }
      String value = path.get(depth);
      Node literal = node.literals.get(value);
      Match match = literal == null ? null : from(literal, depth + 1);
      for (int i = 0; match == null && i < node.branches.size(); i++) {
        match = through(node.branches.get(i), depth, value);
      }
      return match;
    }

    private @Nullable Match through(Branch branch, int depth, String value) {
      int before = values.size();
      Match match = null;
      if (branch.segment().isRest()) {
        values.add(String.join("/", path.subList(depth, path.size())));
        match = at(branch.node());
      } else if (branch.segment().matches(value, values)) {
        match = from(branch.node(), depth + 1);
      }
      if (match == null) {
        values.subList(before, values.size()).clear();
      }
      return match;
    }

    private @Nullable Match at(Node node) {
      Leaf leaf = node.leaves.get(method);
      if (leaf == null && method.equals(Method.HEAD)) {
        leaf = node.leaves.get(Method.GET);
      }
      if (leaf != null) {
        return leaf.match(values);
      }
      node.leaves.forEach((other, end) -> allowed.computeIfAbsent(other, any -> end.place(values)));
      return null;
    }
  }
}
