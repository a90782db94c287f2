package org.imgblstr.cli.master.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
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

    private static final int MOST_CONNECTIONS = 32;
    private static final long TIME_LIMIT_NS = 2_000_000_000L;

    /** Of a connection while all are taken: those that say nothing must not keep the others out for longer than these wait. */
    private static final long CROWDED_LIMIT_NS = 500_000_000L;

    private static final long LOOK_MS = 200;

    private final Place place;
    private final String name;
    private volatile ControlAnswers answers;
    private final Consumer<String> onWarning;
    private final Thread thread;
    private volatile boolean isClosed;
    private volatile Selector waiting;

    /** Finds the folder of the sockets, on the thread of the server. */
    @FunctionalInterface
    interface Place {
        ControlPlace find() throws IOException;
    }

    private ControlServer(Place place, String name, ControlAnswers answers, Consumer<String> onWarning) {
        this.place = place;
        this.name = name;
        this.answers = answers;
        this.onWarning = onWarning;
        this.thread = new Thread(this::run, "control");
    }

    /** Opens the socket on a thread of its own. {@code onWarning}: told when the session cannot be acted on from another shell. */
    public static ControlServer start(String name, ControlDesk desk, Consumer<String> onWarning) {
        return start(ControlPlace::ofProcess, name, desk, onWarning);
    }

    /** The same before there is a session. */
    public static ControlServer start(String name, WaitDesk desk, Consumer<String> onWarning) {
        return start(ControlPlace::ofProcess, name, desk, onWarning);
    }

    /** There is a session now. Returns false when the socket could not be opened, or is closed. */
    public boolean handOver(ControlDesk desk) {
        return handOver((ControlAnswers) desk);
    }

    /** As above. */
    boolean handOver(ControlAnswers next) {
        answers = next;
        return thread.isAlive();
    }

    /** As above, in this place. */
    static ControlServer start(Place place, String name, ControlAnswers answers, Consumer<String> onWarning) {
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
            serveAll(selector, channel);
        } catch (IOException | RuntimeException e) {
            onWarning.accept("the session cannot be acted on from another shell: " + Failures.message(e));
        } finally {
            delete(socket);
        }
    }

    private void serveAll(Selector selector, ServerSocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT);
        try {
            while (!isClosed) {
                selector.select(LOOK_MS);
                serve(selector, channel);
            }
        } finally {
            connections(selector).forEach(ControlConnection::close);
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
        boolean mayAccept = true;
        for (SelectionKey key : List.copyOf(selector.selectedKeys())) {
            if (key.attachment() instanceof ControlConnection connection) {
                connection.serve(answers);
            } else {
                mayAccept = accept(selector, channel);
            }
        }
        selector.selectedKeys().clear();
        long nowNs = System.nanoTime();
        List<ControlConnection> all = connections(selector);
        long limitNs = all.size() < MOST_CONNECTIONS ? TIME_LIMIT_NS : CROWDED_LIMIT_NS;
        for (ControlConnection connection : all) {
            if (connection.ageNs(nowNs) > limitNs) {
                connection.end(ControlConnection.TOO_LATE, answers);
            }
        }
        // Who comes when all are taken waits until one of them has its answer, or is late.
        boolean hasRoom = connections(selector).size() < MOST_CONNECTIONS;
        channel.keyFor(selector).interestOps(mayAccept && hasRoom ? SelectionKey.OP_ACCEPT : 0);
    }

    /** Those that are open. */
    private static List<ControlConnection> connections(Selector selector) {
        return selector.keys().stream()
                .filter(SelectionKey::isValid)
                .filter(key -> key.attachment() instanceof ControlConnection)
                .map(key -> (ControlConnection) key.attachment())
                .toList();
    }

    /** Returns false when this process can take no connection now, as it has too many files open: it is tried again at the next look. */
    private static boolean accept(Selector selector, ServerSocketChannel channel) {
        try {
            SocketChannel accepted = channel.accept();
            if (accepted != null) {
                new ControlConnection(accepted, selector, System.nanoTime());
            }
            return true;
        } catch (IOException e) {
            LOG.debug("a connection could not be taken: {}", e.toString());
            return false;
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
}
