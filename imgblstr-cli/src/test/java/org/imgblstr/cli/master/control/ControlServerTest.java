package org.imgblstr.cli.master.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.session.SessionControl.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The socket of a session, with clients that keep to the rules and others. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ControlServerTest {
    private static final int SESSIONS = 500;

    @TempDir
    private Path parent;

    private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
    private Path folder;
    private ControlPlace place;
    private ControlServer server;

    @BeforeEach
    void makePlace() throws IOException {
        folder = parent.resolve("sockets");
        place = new ControlPlace(folder, (Integer) Files.getAttribute(parent, "unix:uid"));
    }

    @AfterEach
    void close() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aLineIsAnsweredWithALineAndOnlyThisUserMayAsk() throws Exception {
        open("red");
        assertThat(ask("hello\n")).isEqualTo("echo hello\n");
        assertThat(ask("again\n")).isEqualTo("echo again\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place.socket("red"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLineWithoutEndAndAConnectionWithoutLineHoldNobodyUp() throws Exception {
        open("red");
        try (SocketChannel silent = connect()) {
            assertThat(silent.isConnected()).isTrue();
            assertThat(ask("hello\n")).isEqualTo("echo hello\n");
        }
    }

    @Test
    void aRequestThatLacksOnlyTheEndOfItsLineIsAnswered() throws Exception {
        open("red");
        String request = ControlRequest.of("status").line();
        assertThat(ask(request)).isEqualTo("echo " + request + "\n");
        assertThat(ask(request + "\r")).isEqualTo("echo " + request + "\n");
    }

    @Test
    void aRequestThatComesInPiecesIsAnsweredOnce() throws Exception {
        open("red");
        String request = ControlRequest.of("status").line() + "\n";
        try (SocketChannel channel = connect()) {
            for (int at = 0; at < request.length(); at++) {
                channel.write(StandardCharsets.UTF_8.encode(request.substring(at, at + 1)));
            }
            assertThat(answerOf(channel)).isEqualTo("echo " + request);
        }
    }

    @Test
    void whatFollowsTheLineIsDropped() throws Exception {
        open("red");
        assertThat(ask("hello\n" + "more\n".repeat(2000))).isEqualTo("echo hello\n");
        assertThat(ask("hello\nwithout end")).isEqualTo("echo hello\n");
    }

    @Test
    void aRequestThatIsTooLongIsRefusedWithTheReason() throws Exception {
        open("red");
        assertThat(ask("x".repeat(4096))).isEqualTo("refused: " + ControlConnection.TOO_LONG.text() + "\n");
        assertThat(ask("x".repeat(20_000))).isEqualTo("refused: " + ControlConnection.TOO_LONG.text() + "\n");
        assertThat(ask("x".repeat(4095) + "\n")).isEqualTo("echo " + "x".repeat(4095) + "\n");
    }

    @Test
    void whoeverSaysNothingOrHalfALineIsToldThatItsTimeIsOver() throws Exception {
        open("red");
        try (SocketChannel silent = connect();
                SocketChannel half = connect()) {
            half.write(StandardCharsets.UTF_8.encode("{\"command\":"));
            assertThat(answerOf(silent)).isEqualTo("refused: " + ControlConnection.TOO_LATE.text() + "\n");
            assertThat(answerOf(half)).isEqualTo("refused: " + ControlConnection.TOO_LATE.text() + "\n");
        }
    }

    @Test
    void aFaultInOneAnswerEndsNoOther() throws Exception {
        AtomicBoolean isFaulty = new AtomicBoolean(true);
        open("red", new Echo("echo ") {
            @Override
            public ControlReply answer(String line) {
                if (isFaulty.getAndSet(false)) {
                    throw new IllegalStateException("a fault");
                }
                return super.answer(line);
            }
        });
        assertThat(ask("hello\n")).isEqualTo("refused: " + ControlConnection.FAULT.text() + "\n");
        assertThat(ask("hello\n")).isEqualTo("echo hello\n");
        assertThat(warnings).isEmpty();
    }

    @Test
    void anOrderStandsThoughWhoeverGaveItHasLeft() throws Exception {
        CountDownLatch given = new CountDownLatch(1);
        CountDownLatch mayGoOn = new CountDownLatch(1);
        open("red", new Echo("echo ") {
            @Override
            public ControlReply answer(String line) {
                awaitQuietly(mayGoOn);
                return super.answer(line).then(given::countDown);
            }
        });
        try (SocketChannel channel = connect()) {
            channel.write(StandardCharsets.UTF_8.encode("abort\n"));
        }
        mayGoOn.countDown();
        assertThat(given.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whoeverIsConnectedAtTheEndIsNotLeftWaiting() throws Exception {
        open("red");
        try (SocketChannel silent = connect()) {
            assertThat(ask("hello\n")).as("the one before is taken as well").isEqualTo("echo hello\n");
            server.close();
            assertThat(answerOf(silent)).isEmpty();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoeverComesWhenAllConnectionsAreTakenIsAnsweredLater() throws Exception {
        open("red");
        List<SocketChannel> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                silent.add(connect());
            }
            assertThat(ask("hello\n")).isEqualTo("echo hello\n");
        } finally {
            for (SocketChannel each : silent) {
                each.close();
            }
        }
    }

    @Test
    void aLineThatEndsWithItsStreamIsAnswered() throws Exception {
        open("red");
        try (SocketChannel channel = connect()) {
            channel.write(StandardCharsets.UTF_8.encode("hello"));
            channel.shutdownOutput();
            assertThat(answerOf(channel)).isEqualTo("echo hello\n");
        }
    }

    @Test
    void whoeverLooksForASessionThatWasStoppedIsTold() throws Exception {
        place.prepare();
        try (ServerSocketChannel stopped = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            stopped.bind(UnixDomainSocketAddress.of(place.socket("red")));
            ControlClient client = new ControlClient(null, place, Duration.ofMillis(200));
            assertThatThrownBy(() -> client.ask(ControlRequest.of("status"), "red", false))
                    .isInstanceOfSatisfying(
                            CliException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOBODY_ANSWERED))
                    .hasMessageContaining("was its program stopped");
        }
    }

    @Test
    void aSessionThatEndsWhileItIsAskedIsNoFailureOfADisk() throws Exception {
        place.prepare();
        try (ServerSocketChannel ending = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            ending.bind(UnixDomainSocketAddress.of(place.socket("red")));
            Thread end = new Thread(() -> closeTwo(ending), "ending");
            end.start();
            ControlClient client = new ControlClient(null, place, Duration.ofSeconds(30));
            assertThatThrownBy(() -> client.ask(ControlRequest.of("status"), "red", false))
                    .isInstanceOfSatisfying(
                            CliException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NOBODY_ANSWERED));
            end.join();
        }
    }

    /** One connection looks whether somebody listens, the other asks. */
    private static void closeTwo(ServerSocketChannel sessions) {
        try {
            sessions.accept().close();
            sessions.accept().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whoeverAnswersLaterTakesTheSameSocket() throws Exception {
        open("red");
        assertThat(server.handOver(new Echo("later "))).isTrue();
        assertThat(ask("hello\n")).isEqualTo("later hello\n");
        server.close();
        assertThat(server.handOver(new Echo(""))).as("it is closed").isFalse();
    }

    @Test
    void theSocketIsGoneAfterTheEnd() throws Exception {
        open("red");
        server.close();
        assertThat(Files.exists(place.socket("red"))).isFalse();
        assertThat(place.sessions()).isEmpty();
    }

    @Test
    void theFileOfASessionThatDiedIsReplaced() throws Exception {
        place.prepare();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(place.socket("red")));
        }
        assertThat(Files.exists(place.socket("red"))).isTrue();
        open("red");
        assertThat(ask("hello\n")).isEqualTo("echo hello\n");
        assertThat(place.sessions()).containsExactly(place.socket("red"));
    }

    @Test
    void aSessionThatBeginsIsNotTakenForDead() throws Exception {
        place.prepare();
        AtomicBoolean isOver = new AtomicBoolean();
        FutureTask<Void> look = new FutureTask<>(() -> {
            while (!isOver.get()) {
                place.sessions();
            }
            return null;
        });
        new Thread(look, "look").start();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                try (ServerSocketChannel session = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                    Path socket = place.socket("red" + i);
                    place.open(session, socket, 1);
                    assertThat(Files.exists(socket))
                            .as("session %d keeps its socket", i)
                            .isTrue();
                }
            }
        } finally {
            isOver.set(true);
            look.get();
        }
    }

    @Test
    void aSecondSessionOfTheSameNameLeavesTheFirstItsSocket() throws Exception {
        open("red");
        try (ControlServer second = ControlServer.start(() -> place, "red", new Echo("second"), warnings::add)) {
            assertThat(second).isNotNull();
            assertThat(warnings.poll(30, TimeUnit.SECONDS)).contains("another session on this host has the same name");
        }
        assertThat(ask("hello\n")).isEqualTo("echo hello\n");
    }

    @Test
    void aFolderThatIsALinkIsRefusedAndNothingInItIsTouched() throws Exception {
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.createSymbolicLink(folder, elsewhere);
        Path foreign = Files.createFile(elsewhere.resolve("red.sock"));
        server = ControlServer.start(() -> place, "red", new Echo(""), warnings::add);
        assertThat(warnings.poll(30, TimeUnit.SECONDS)).contains("expected a folder, found a link or a file");
        assertThatThrownBy(() -> place.isAlive(place.socket("red"))).isInstanceOf(FileSystemException.class);
        assertThat(Files.exists(foreign)).isTrue();
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws Exception {
        Files.createDirectory(folder);
        int nobody = 1 + (Integer) Files.getAttribute(folder, "unix:uid");
        ControlPlace foreign = new ControlPlace(folder, nobody);
        assertThatThrownBy(foreign::sessions).hasMessageContaining("found one of user " + (nobody - 1));
    }

    @Test
    void namesThatNoFileShouldHaveAreSpelled() {
        assertThat(place.socket("../a b").getFileName().toString()).isEqualTo("%2E%2E%2Fa%20b.sock");
        assertThat(place.socket("ä".repeat(60)).getFileName().toString()).hasSizeLessThan(60);
    }

    /** Says each line again. */
    private static class Echo implements ControlAnswers {
        private final String before;

        Echo(String before) {
            this.before = before;
        }

        @Override
        public ControlReply answer(String line) {
            return ControlReply.of(before + line.strip());
        }

        @Override
        public ControlReply refuse(Answer why) {
            return ControlReply.of("refused: " + why.text());
        }
    }

    private void open(String name) throws InterruptedException, IOException {
        open(name, new Echo("echo "));
    }

    private void open(String name, ControlAnswers answers) throws InterruptedException, IOException {
        server = ControlServer.start(() -> place, name, answers, warnings::add);
        while (place.sessions().isEmpty()) {
            assertThat(warnings).isEmpty();
            Thread.onSpinWait();
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(place.socket("red")));
    }

    private String ask(String line) throws IOException {
        try (SocketChannel channel = connect()) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            return answerOf(channel);
        }
    }

    private static String answerOf(SocketChannel channel) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(1 << 14);
        while (channel.read(answer) >= 0) {
            assertThat(answer.hasRemaining()).isTrue();
        }
        return StandardCharsets.UTF_8.decode(answer.flip()).toString();
    }
}
