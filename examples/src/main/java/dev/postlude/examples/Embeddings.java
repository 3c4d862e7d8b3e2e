package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.background.BackgroundTask;
import dev.postlude.background.TaskGroup;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A text is taken at once, indexed afterwards by a slow model, and then found by its meaning. */
public final class Embeddings {
  private static final TaskGroup MODEL = TaskGroup.of("model").maxConcurrent(1).maxQueued(20);

  private final Map<String, Embedding> index = new ConcurrentHashMap<>();

  private Embeddings() {}

  record Document(String title, String text) {}

  record Hit(String title, double score) {}

  public static App app() {
    return App.of(Embeddings::routes);
  }

  public static void routes(Routes routes) {
    Embeddings example = new Embeddings();
    routes.post("/documents", example::add);
    routes.get("/search", example::search);
  }

  private Response add(Request request) {
    Document document = request.json(Document.class);
    return Response.json(202, Map.of("title", document.title(), "status", "being indexed"))
        .background(
            BackgroundTask.of(
                    "index", () -> index.put(document.title(), Embedding.of(document.text())))
                .group(MODEL));
  }

  private Response search(Request request) throws InterruptedException {
    Embedding query = Embedding.of(request.query().get("q"));
    List<Hit> hits =
        index.entrySet().stream()
            .map(entry -> new Hit(entry.getKey(), query.similarity(entry.getValue())))
            .filter(hit -> hit.score() > 0.05)
            .sorted(Comparator.comparingDouble(Hit::score).reversed())
            .limit(3)
            .toList();
    return Response.json(hits);
  }
}
