package dev.postlude.examples;

import dev.postlude.App;
import dev.postlude.http.HttpException;
import dev.postlude.http.Request;
import dev.postlude.http.Response;
import dev.postlude.routing.Routes;
import dev.postlude.routing.Urls;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Make, read, change and delete, in JSON; what is wrong with a request is told as RFC 9457 has it.
 */
public final class Notes {
  private final Map<Long, Note> notes = new ConcurrentSkipListMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Urls urls;

  private Notes(Urls urls) {
    this.urls = urls;
  }

  record Note(long id, String title, String text) {}

  /** What the client sends; members may be missing. */
  record Draft(@Nullable String title, @Nullable String text) {
    Note checked(long id) {
      if (title == null || title.isBlank() || title.length() > 80) {
        throw new HttpException(422, "'title' is needed, with 1 to 80 characters");
      }
      return new Note(id, title, text == null ? "" : text);
    }
  }

  public static App app() {
    return App.of(Notes::routes);
  }

  public static void routes(Routes routes) {
    Notes notes = new Notes(routes.urls());
    routes.get("/notes", request -> Response.json(notes.notes.values()));
    routes.post("/notes", notes::create);
    routes.get("/notes/{id:long}", request -> Response.json(notes.find(request))).named("note");
    routes.put("/notes/{id:long}", notes::change);
    routes.delete("/notes/{id:long}", notes::delete);
  }

  private Response create(Request request) {
    Note note = request.json(Draft.class).checked(ids.incrementAndGet());
    notes.put(note.id(), note);
    return Response.json(201, note).header("Location", urls.to("note", note.id()));
  }

  private Note find(Request request) {
    Note note = notes.get(request.params().asLong("id"));
    if (note == null) {
      throw new HttpException(404, "there is no note " + request.param("id"));
    }
    return note;
  }

  private Response change(Request request) {
    Note changed = request.json(Draft.class).checked(find(request).id());
    notes.put(changed.id(), changed);
    return Response.json(changed);
  }

  private Response delete(Request request) {
    notes.remove(find(request).id());
    return Response.noContent();
  }
}
