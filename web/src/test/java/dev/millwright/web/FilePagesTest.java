package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Run;
import dev.millwright.web.Client.Answer;
import dev.millwright.web.page.Paths;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that clients sent, looked at in pages; some of them mean harm. */
final class FilePagesTest {
    private static final String ALERT = "<script>alert(1)</script>";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static LoggedRuns logged;
    private static Run run;

    @BeforeAll
    static void sendFiles() {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        logged = new LoggedRuns(home.registry());
        run = logged.start("files");
        logged.send(run, "README.md", "# Notes\n" + ALERT);
        logged.send(run, "data/deep/er/rows.csv", "id,text\n1,\"a, \"\"b\"\"\"\n2," + ALERT + "\n");
        logged.send(run, "data/line.json", "{\"a\":[1,\"" + ALERT + "\"]}");
        logged.send(run, "data/one.tsv", "id\ttext\r\n1\ttwo\r\n");
        logged.send(run, "page.html", ALERT);
        logged.send(run, "pic.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\">" + ALERT + "</svg>");
        logged.send(run, "feed.xml", "<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\">alert(1)</x:script>");
        logged.send(run, "page.xhtml", ALERT);
        logged.send(run, "code.js", "alert(1)");
        logged.send(run, "weights.bin", new byte[] {1, 0, 2, 3});
        logged.send(run, "empty.txt", "");
        logged.send(run, "name \"><b>.txt", "hello");
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static String page(String part, String path) throws Exception {
        Answer answer = client.page("/runs/" + run.id() + "/" + part + "?path=" + Paths.part(path));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).doesNotContain(ALERT, "<html", "style=");
        return answer.body();
    }

    @Test
    void theRunPage_showsTheTop_andEachFolderIsFetchedWhenItIsOpened() throws Exception {
        String top = client.page("/runs/" + run.id()).body();
        assertThat(top)
                .contains("data/</summary>", "README.md", "/files?path=data\"")
                .contains("name \"&gt;&lt;b&gt;.txt")
                .doesNotContain("rows.csv", "\"><b>.txt");
        assertThat(top.indexOf("data/</summary>")).as("folders first").isLessThan(top.indexOf("README.md"));
        assertThat(page("files", "data")).contains("line.json", "deep/</summary>", "/files?path=data%2Fdeep\"");
        assertThat(page("files", "data/deep/er")).contains("/preview?path=data%2Fdeep%2Fer%2Frows.csv");
        assertThat(page("files", "nowhere")).contains("Nothing in here.");
    }

    @Test
    void aFileInTheAddress_isOpen() throws Exception {
        assertThat(client.page("/runs/" + run.id() + "?file=data%2Fone.tsv").body())
                .contains("<td>two</td>", "/artifacts/data/one.tsv?download=1");
        assertThat(client.page("/runs/" + run.id() + "?file=none").status()).isEqualTo(404);
    }

    @Test
    void tables_areShownAsTables_withTheirQuotesRead() throws Exception {
        assertThat(page("preview", "data/deep/er/rows.csv"))
                .contains("<th>text</th>", "<td>a, \"b\"</td>", "<td>&lt;script&gt;");
        String rows = IntStream.range(0, 500).mapToObj(i -> i + ",x\n").collect(Collectors.joining());
        logged.send(run, "long.csv", "id,text\n" + rows);
        assertThat(page("preview", "long.csv"))
                .contains("The first 100 rows.", "<td>99</td>")
                .doesNotContain("<td>100</td>");
    }

    @Test
    void text_isShownAsItStands_andCutWhereItIsLong() throws Exception {
        assertThat(page("preview", "README.md")).contains("# Notes\n&lt;script&gt;");
        assertThat(page("preview", "data/line.json")).contains("\"a\" : [");
        // 3 bytes a character, so that the cut falls within one.
        logged.send(run, "long.log", "€".repeat(100_000) + "END");
        assertThat(page("preview", "long.log"))
                .contains("The first 256\u202fKiB of 293\u202fKiB.", "€€")
                .doesNotContain("END", "\ufffd");
        assertThat(page("preview", "weights.bin")).contains("No preview of this kind of file.", "?download=1");
        assertThat(page("preview", "empty.txt")).contains("The file is empty.");
    }

    @Test
    void pictures_areImagesOfTheirOwn_andDocumentsFramesWithoutScripts() throws Exception {
        assertThat(page("preview", "pic.svg"))
                .contains("<img class=\"picture\" src=\"/runs/" + run.id() + "/artifacts/pic.svg\"")
                .doesNotContain("<svg");
        assertThat(page("preview", "page.html")).contains("<iframe", " sandbox ", "Shown without its scripts.");
    }

    @ParameterizedTest
    @CsvSource({
        "page.html, text/html",
        "pic.svg, image/svg+xml",
        "README.md, text/plain",
        "data/line.json, application/json"
    })
    void whatABrowserShows_hasNoScriptsAndNoOrigin(String path, String type) throws Exception {
        Answer answer = client.page("/runs/" + run.id() + "/artifacts/" + path);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).startsWith(type);
        assertThat(answer.header("content-security-policy"))
                .contains("default-src 'none'", "sandbox;")
                .doesNotContain("script-src", "allow-");
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
        assertThat(client.page("/runs/" + run.id() + "/artifacts/" + path + "?download=1")
                        .header("content-disposition"))
                .startsWith("attachment");
    }

    @ParameterizedTest
    @ValueSource(strings = {"feed.xml", "page.xhtml", "code.js", "weights.bin"})
    void whatItShouldNotShow_isDownloaded(String path) throws Exception {
        Answer answer = client.page("/runs/" + run.id() + "/artifacts/" + path);
        assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(answer.header("content-disposition")).startsWith("attachment");
        assertThat(answer.header("content-security-policy")).contains("sandbox");
        assertThat(answer.header("x-content-type-options")).isEqualTo("nosniff");
    }

    @Test
    void pathsThatLeadOut_areRefused() throws Exception {
        for (String path : List.of("../x", "data/../../x", "/etc/passwd", "a//b")) {
            for (String part : List.of("preview", "files")) {
                assertThat(client.page("/runs/" + run.id() + "/" + part + "?path=" + Paths.part(path))
                                .status())
                        .as(part + " " + path)
                        .isIn(400, 404);
            }
        }
    }

    @Test
    void aNameBeyondAscii_survivesTheDownload() throws Exception {
        logged.send(run, "größe.bin", "\0ä".getBytes(StandardCharsets.UTF_8));
        assertThat(client.page("/runs/" + run.id() + "/artifacts/gr%C3%B6%C3%9Fe.bin")
                        .header("content-disposition"))
                .isEqualTo("attachment; filename*=UTF-8''gr%C3%B6%C3%9Fe.bin");
    }

    @Test
    void filesOfLoggedModels_areBesideThoseOfTheRun_untilTheModelIsDeleted() throws Exception {
        Run maker = logged.start("maker");
        LoggedModel model = logged.model(maker, "net", "MLmodel", "flavors: {}");
        String page = "/runs/" + maker.id();
        assertThat(client.page(page + "?file=net%2FMLmodel").body())
                .contains("net/</summary>", "flavors: {}", ">net 1.0.0</a>", "ready");
        assertThat(client.page(page + "/artifacts/net/MLmodel").body()).isEqualTo("flavors: {}");
        assertThat(client.page("/models/net/versions/1?file=MLmodel").body()).contains("flavors: {}");
        assertThat(client.page(page + "/preview?path=net").status()).isIn(400, 404);

        home.registry().loggedModels().delete(model.id());

        assertThat(client.page(page).status()).isEqualTo(200);
        assertThat(client.page(page).body()).doesNotContain("net/</summary>", "Models that it logged");
        assertThat(client.page(page + "/artifacts/net/MLmodel").status()).isEqualTo(404);
        assertThat(client.page("/models/net/versions/1").status()).isEqualTo(200);
    }
}
