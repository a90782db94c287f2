package org.imgblstr.cli.master.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.cli.common.program.Setting;
import org.imgblstr.protocol.contract.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a session of this host, and tells its answer. */
final class ControlClient {
    private static final Logger LOG = LoggerFactory.getLogger(ControlClient.class);
    private static final JsonFactory JSON = new JsonFactory();
    private static final int READ_BYTES = 1 << 16;

    /** A session answers within a second, and first gives up on others who ask and say nothing. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Setting setting;
    private final ControlPlace place;
    private final Duration limit;

    ControlClient(Setting setting) throws IOException {
        this(setting, ControlPlace.ofProcess(), LIMIT);
    }

    /** {@code limit}: how long the session may take. */
    ControlClient(Setting setting, ControlPlace place, Duration limit) {
        this.setting = setting;
        this.place = place;
        this.limit = limit;
    }

    /** {@code name}: of the session; null for the only one. Returns the exit code. */
    int ask(ControlRequest request, String name, boolean isJson) throws IOException {
        String line = answer(() -> exchange(socket(name), request.line()));
        if (line.isEmpty()) {
            throw new CliException(
                    ExitCode.NOBODY_ANSWERED, "the session did not answer: it may have ended; imgblstr status tells");
        }
        PrintStream out = setting.streams().out();
        int code = ExitCode.DONE;
        String message = "";
        try (JsonParser json = JSON.createParser(line)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                json.nextToken();
                switch (field) {
                    case "exitCode" -> code = json.getIntValue();
                    case "message" -> message = json.getText();
                    default -> json.skipChildren();
                }
            }
        }
        if (isJson) {
            out.println(line);
        } else if (code == ExitCode.DONE) {
            out.println(message);
        } else {
            throw new CliException(code, message);
        }
        return code;
    }

    private Path socket(String name) throws IOException {
        if (name != null) {
            Path socket = place.socket(name);
            if (!place.isAlive(socket)) {
                throw none("no session '" + name + "' runs on this host");
            }
            return socket;
        }
        List<Path> all = place.sessions();
        if (all.isEmpty()) {
            throw none("no session runs on this host");
        }
        if (all.size() > 1) {
            throw CliException.usage("several sessions run on this host, name one with --session: "
                    + String.join(", ", all.stream().map(ControlPlace::name).toList()));
        }
        return all.get(0);
    }

    private CliException none(String text) {
        return new CliException(
                ExitCode.NOBODY_ANSWERED,
                text + " (no socket in " + place + " answers); is the master another user's?");
    }

    /** On a thread of its own, since a master that was stopped takes connections, answers none, and whoever waits for it cannot be interrupted. */
    private String answer(Callable<String> exchange) throws IOException {
        FutureTask<String> task = new FutureTask<>(exchange);
        Thread thread = new Thread(task, "control");
        thread.setDaemon(true);
        thread.start();
        try {
            return task.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CliException(
                    ExitCode.NOBODY_ANSWERED,
                    "the session does not answer within " + limit.toSeconds()
                            + " s: was its program stopped, as by Ctrl-Z? fg or kill -CONT lets it go on",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the session was asked");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw e.getCause() instanceof CliException refusal ? refusal : new IllegalStateException(e.getCause());
        }
    }

    /** "" when the session ended meanwhile. */
    private static String exchange(Path socket, String request) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(StandardCharsets.UTF_8.encode(request + "\n"));
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer part = ByteBuffer.allocate(READ_BYTES);
            while (channel.read(part) >= 0) {
                answer.write(part.array(), 0, part.position());
                part.clear();
            }
            return answer.toString(StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            LOG.debug("the session has closed the connection: {}", e.toString());
            return "";
        }
    }
}
