package dev.postlude.examples.gallery;

import static java.util.stream.Collectors.joining;

/** The gallery's page. */
final class Page {
  private Page() {}

  static String of(String base) {
    String chapters =
        Catalogue.CHAPTERS.stream().map(chapter -> chapter(chapter, base)).collect(joining());
    return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>Postlude: examples</title>
        <link rel="icon" href="/gallery/icon.svg" type="image/svg+xml">
        <link rel="stylesheet" href="/gallery/gallery.css">
        <script src="/gallery/gallery.js" defer></script>
        </head>
        <body>
        <a class="skip" href="#examples">Skip to the examples</a>
        <header>
        <h1>Postlude</h1>
        <p class="claim">Responses that have an <em>afterwards</em>.</p>
        <p>Send a request and watch the time line: the answer is there after milliseconds, and its
        tasks run behind it. Requests that you send with <code>curl</code> show up as well.</p>
        <nav aria-label="Examples"><ul>%s</ul></nav>
        </header>
        <div class="columns">
        <main id="examples">%s</main>
        <aside aria-labelledby="live-title">
        <h2 id="live-title">Time line <span id="state" role="status">connecting</span></h2>
        <p class="legend" aria-hidden="true"><span class="key response">response</span>
        <span class="key waiting">waits</span> <span class="key task">task</span>
        <span class="key bad">failed attempt</span></p>
        <p id="nothing">Nothing has happened yet. Press a button on any example.</p>
        <ol id="entries"></ol>
        <p id="spoken" class="unseen" aria-live="polite"></p>
        </aside>
        </div>
        <noscript><p class="note">Buttons and time line need JavaScript; the lines for curl do
        not.</p></noscript>
        </body>
        </html>
        """
        .formatted(contents(), chapters);
  }

  private static String contents() {
    return Catalogue.all()
        .map(example -> "<li><a href=\"#%1$s\">%1$s</a></li>".formatted(escape(example.name())))
        .collect(joining());
  }

  private static String chapter(Catalogue.Chapter chapter, String base) {
    return """
        <section>
        <h2>%s</h2>
        %s
        </section>
        """
        .formatted(
            escape(chapter.title()),
            chapter.examples().stream().map(example -> card(example, base)).collect(joining()));
  }

  private static String card(Example example, String base) {
    boolean alone = example.routes() == null;
    boolean secure = example.name().equals("tls");
    String port = secure ? "8443" : "8081"; // 8080 is the gallery's own
    String own = (secure ? "https" : "http") + "://127.0.0.1:" + port;
    String at = alone ? own : base + example.path();
    String command =
        alone
            ? line(Jar.line(example.name() + " --port " + port))
                + example.beside(own).stream().map(Page::line).collect(joining())
            : "";
    return """
        <article id="%1$s">
        <h3><a href="#%1$s">%1$s</a></h3>
        <p>%2$s</p>
        %3$s
        <div class="output" hidden><p class="result"></p><pre tabindex="0"></pre></div>
        <details data-source="/sources/%4$s.java">
        <summary>Source of %4$s</summary><pre tabindex="0">loading</pre>
        </details>
        </article>
        """
        .formatted(
            escape(example.name()),
            escape(example.idea()),
            command
                + example.tries().stream()
                    .map(each -> attempt(each, example.path(), at, alone))
                    .collect(joining()),
            example.source());
  }

  private static String attempt(Try each, String path, String base, boolean alone) {
    String button = alone ? "" : button(each, path);
    return "<div class=\"try\">" + button + line(each.curl(base)) + "</div>\n";
  }

  private static String button(Try each, String path) {
    String url = escape(path + each.path());
    if (each.kind() == Try.Kind.PAGE) {
      return "<a class=\"send\" href=\"%s\" target=\"_blank\" rel=\"noopener\">%s</a>"
          .formatted(url, escape(each.label()));
    }
    return """
        <button class="send" type="button" data-kind="%s" data-method="%s" data-url="%s"
          data-header="%s" data-type="%s" data-body="%s">%s</button>
        """
        .formatted(
            each.kind(),
            each.method(),
            url,
            escape(each.header()),
            escape(each.type()),
            escape(each.body()),
            escape(each.label()));
  }

  private static String line(String command) {
    return """
        <div class="line"><code>%s</code><button class="copy" type="button"
          aria-label="Copy the line">Copy</button></div>
        """
        .formatted(escape(command).replaceAll("(?<=\\w)/(?=\\w)", "/<wbr>"));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
