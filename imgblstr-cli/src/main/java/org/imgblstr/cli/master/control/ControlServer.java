package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.imgblstr.cli.common.program.Failures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket of one session: takes a line, answers with a line, and closes. One daemon thread opens it and serves all connections, so that the
 * session itself waits for nothing.
 */
public final class ControlServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);

    private static final int MOST_CONNECTIONS = 8;
    private static final int MOST_REQUEST_BYTES = 4096;
    private static final long TIME_LIMIT_NS = 2_000_000_000L;
    private static final long LOOK_MS = 200;

    private final Place place;
    private final String name;
    private volatile Answers answers;
    private final Consumer<String> onWarning;
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile Selector waiting;

    /** What a line is answered with. */
    @FunctionalInterface
    interface Answers {
        ControlReply answer(String line) throws IOException;
    }

    /** Finds the folder of the sockets, on the thread of the server. */
    @FunctionalInterface
    interface Place {
        ControlPlace find() throws IOException;
    }

    private ControlServer(Place place, String name, Answers answers, Consumer<String> onWarning) {
        this.place = place;
        this.name = name;
        this.answers = answers;
        this.onWarning = onWarning;
        this.thread = new Thread(this::run, "control");
    }

    /** Opens the socket on a thread of its own. {@code onWarning}: told when the session cannot be acted on from another shell. */
    public static ControlServer start(String name, ControlDesk desk, Consumer<String> onWarning) {
        return start(ControlPlace::ofProcess, name, desk::answer, onWarning);
    }

    /** The same before there is a session. */
    public static ControlServer start(String name, WaitDesk desk, Consumer<String> onWarning) {
        return start(ControlPlace::ofProcess, name, desk::answer, onWarning);
    }

    /** There is a session now. Returns false when the socket could not be opened, or is closed. */
    public boolean handOver(ControlDesk desk) {
        return handOver(desk::answer);
    }

    /** As above. */
    boolean handOver(Answers next) {
        answers = next;
        return thread.isAlive();
    }

    /** As above, in this place. */
    static ControlServer start(Place place, String name, Answers answers, Consumer<String> onWarning) {
        ControlServer server = new ControlServer(place, name, answers, onWarning);
        server.thread.setDaemon(true);
        server.thread.start();
        return server;
    }

    private void run() {
        Path socket = null;
        try (Selector selector = Selector.open();
                ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            waiting = selector;
            ControlPlace folder = place.find();
            folder.prepare();
            Path path = folder.socket(name);
            folder.open(channel, path, MOST_CONNECTIONS);
            socket = path;
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT);
            while (!isClosed) {
                selector.select(LOOK_MS);
                serve(selector, channel);
            }
        } catch (IOException | RuntimeException e) {
            onWarning.accept("the session cannot be acted on from another shell: " + Failures.message(e));
        } finally {
            delete(socket);
        }
    }

    private static void delete(Path socket) {
        try {
            if (socket != null) {
                Files.deleteIfExists(socket);
            }
        } catch (IOException e) {
            LOG.debug("the socket could not be deleted: {}", e.toString());
        }
    }

    private void serve(Selector selector, ServerSocketChannel channel) throws IOException {
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (key.isAcceptable()) {
                accept(selector, channel);
            } else {
                serve((Connection) key.attachment());
            }
        }
        selector.selectedKeys().clear();
        for (SelectionKey key : List.copyOf(selector.keys())) {
            if (key.attachment() instanceof Connection connection && connection.isLate()) {
                connection.close();
            }
        }
        // Who comes when all are taken waits until one of them has its answer, or is late.
        SelectionKey accepting = channel.keyFor(selector);
        long connections =
                selector.keys().stream().filter(SelectionKey::isValid).count() - 1;
        accepting.interestOps(connections < MOST_CONNECTIONS ? SelectionKey.OP_ACCEPT : 0);
    }

    private static void accept(Selector selector, ServerSocketChannel channel) throws IOException {
        SocketChannel accepted = channel.accept();
        if (accepted == null) {
            return;
        }
        accepted.configureBlocking(false);
        Connection connection = new Connection(accepted);
        connection.key = accepted.register(selector, SelectionKey.OP_READ, connection);
    }

    private void serve(Connection connection) {
        try {
            if (connection.reply == null && connection.readLine()) {
                ControlReply reply = answers.answer(connection.request());
                connection.reply = StandardCharsets.UTF_8.encode(reply.line() + "\n");
                connection.key.interestOps(SelectionKey.OP_WRITE);
                connection.write();
                reply.after().run();
            } else if (connection.reply != null) {
                connection.write();
            }
        } catch (IOException e) {
            LOG.debug("a connection ended early: {}", e.toString());
            connection.close();
        }
    }

    /** Nothing is answered any more when this returns. */
    @Override
    public void close() {
        isClosed = true;
        Selector selector = waiting;
        if (selector != null) {
            // Otherwise the end of each run would wait for the next look.
            selector.wakeup();
        }
        try {
            thread.join(2 * LOOK_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Connection {
        private final SocketChannel channel;
        private final long sinceNs = System.nanoTime();
        private final ByteBuffer received = ByteBuffer.allocate(MOST_REQUEST_BYTES);
        private SelectionKey key;
        private ByteBuffer reply;

        Connection(SocketChannel channel) {
            this.channel = channel;
        }

        boolean isLate() {
            return System.nanoTime() - sinceNs > TIME_LIMIT_NS;
        }

        /** Whether the line is there, or as much as is taken, or all that will come. */
        boolean readLine() throws IOException {
            int count = channel.read(received);
            boolean hasLine = received.position() > 0 && received.get(received.position() - 1) == '\n';
            return count < 0 || hasLine || !received.hasRemaining();
        }

        String request() {
            return StandardCharsets.UTF_8.decode(received.duplicate().flip()).toString();
        }

        void write() throws IOException {
            channel.write(reply);
            if (!reply.hasRemaining()) {
                close();
            }
        }

        void close() {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.debug("a connection could not be closed: {}", e.toString());
            }
        }
    }
}
