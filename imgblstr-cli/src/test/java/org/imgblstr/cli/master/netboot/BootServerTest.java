package org.imgblstr.cli.master.netboot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.imgblstr.cli.common.program.CliException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootServerTest {
    private static final String MAC = "52-54-00-12-34-56";
    private static final int KERNEL_BYTES = 300_001;

    @TempDir
    private Path folder;

    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<HardwareAddress> imaged = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final byte[] kernel = new byte[KERNEL_BYTES];
    private LiveImage image;
    private BootServer server;

    @BeforeEach
    void start() throws IOException {
        new Random(1).nextBytes(kernel);
        Files.write(folder.resolve("vmlinuz"), kernel);
        Files.writeString(folder.resolve("initrd.img"), "initrd");
        Files.writeString(folder.resolve("secret"), "secret");
        image = LiveImage.open(folder);
        server = start(0);
    }

    private BootServer start(int port) throws IOException {
        InetSocketAddress place = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return BootServer.start(place, image, Rooms.menus("imgslave.disk=only"), new Machines(said::add, imaged::add));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        image.close();
    }

    private HttpResponse<byte[]> ask(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("POST") ? "complete" : ""));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String get(String path) throws IOException, InterruptedException {
        return new String(ask("GET", path).body(), StandardCharsets.US_ASCII);
    }

    @Test
    void kernelAndMemoryAreGivenAsTheyWereWhenItStarted() throws Exception {
        Files.move(folder.resolve("initrd.img"), folder.resolve("old"));
        Files.writeString(folder.resolve("initrd.img"), "another");

        assertThat(ask("GET", "/vmlinuz").body()).isEqualTo(kernel);
        assertThat(get("/initrd.img")).isEqualTo("initrd");
    }

    @Test
    void aFileGoesOnWhereALoaderHasLeftIt() throws Exception {
        HttpResponse<byte[]> rest = ask("GET", "/vmlinuz", "Range", "bytes=300000-");

        assertThat(rest.statusCode()).isEqualTo(206);
        assertThat(rest.body()).containsExactly(kernel[KERNEL_BYTES - 1]);
        assertThat(rest.headers().firstValue("Content-Range")).contains("bytes 300000-300000/300001");
        assertThat(ask("GET", "/vmlinuz", "Range", "bytes=300001-").statusCode())
                .isEqualTo(416);
        assertThat(ask("GET", "/vmlinuz", "Range", "bytes=0-1,5-6").body()).isEqualTo(kernel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/secret",
                "/vmlinuz/",
                "/../secret",
                "/%2e%2e/secret",
                "/vmlinuz?x=1/../secret%00",
                "/grub/",
                "/grub/52-54-00-12-34",
                "/grub/../secret",
                "/ipxe/arm/52-54-00-12-34-56",
                "/ipxe/52-54-00-12-34-56",
                "/x/vmlinuz"
            })
    void nothingButTheKnownNamesIsServed(String path) throws Exception {
        HttpResponse<byte[]> answer = ask("GET", path);

        assertThat(new String(answer.body(), StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(answer.statusCode() == 404 || path.startsWith("/vmlinuz?")).isTrue();
        assertThat(said).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "nonsense\r\n\r\n", "GET /../../etc/passwd HTTP/1.0\r\n\r\n"})
    void whatIsNoRequestEndsWithoutAnswerOrWithRefusal(String text) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            try (InputStream in = socket.getInputStream()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .doesNotContain(" 200 ", "root:");
            }
        }
        assertThat(get("/initrd.img")).isEqualTo("initrd");
    }

    @Test
    void aMachineThatWasImagedStartsItsOwnDiskFromThenOn() throws Exception {
        assertThat(get("/ipxe/pcbios/" + MAC)).contains("kernel http://10.77.0.1/vmlinuz", "BOOTIF=01-" + MAC);
        assertThat(ask("POST", "/done/" + MAC).statusCode()).isEqualTo(200);

        assertThat(get("/ipxe/pcbios/" + MAC)).contains("sanboot").doesNotContain("vmlinuz");
        assertThat(get("/ipxe/efi/52:54:00:12:34:57")).contains("kernel http://10.77.0.1/vmlinuz");
        assertThat(imaged).containsExactly(new HardwareAddress("52:54:00:12:34:56"));
        assertThat(said)
                .containsExactly(
                        "52:54:00:12:34:56: BIOS, gets the live image",
                        "52:54:00:12:34:56: imaged",
                        "52:54:00:12:34:56: BIOS, was imaged, starts its own disk",
                        "52:54:00:12:34:57: UEFI with iPXE, gets the live image");
    }

    @Test
    void onlyAMachineThatGotTheLiveImageCanBeDone() throws Exception {
        assertThat(ask("POST", "/done/" + MAC).statusCode()).isEqualTo(404);
        assertThat(ask("POST", "/done/nonsense").statusCode()).isEqualTo(404);
        assertThat(ask("GET", "/done/" + MAC).statusCode()).isEqualTo(405);
        assertThat(ask("POST", "/vmlinuz").statusCode()).isEqualTo(405);

        assertThat(get("/ipxe/efi/" + MAC)).contains("vmlinuz");
    }

    @Test
    void aPortThatIsTakenIsNamed() {
        assertThatThrownBy(() -> start(server.port()))
                .isInstanceOfSatisfying(
                        CliException.class, e -> assertThat(e.exitCode()).isEqualTo(17))
                .hasMessageContaining("TCP port " + server.port() + " of 127.0.0.1 is taken");
    }

    @Test
    void aFolderThatLacksAFileIsNoLiveImage() throws IOException {
        Files.delete(folder.resolve("initrd.img"));

        assertThatThrownBy(() -> LiveImage.open(folder))
                .hasMessageStartingWith("the live image is not complete: " + folder.resolve("initrd.img"));
    }
}
