package org.imgblstr.cli.master.netboot;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.imgblstr.cli.common.program.CliException;
import org.imgblstr.protocol.contract.ExitCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives machines their menus, kernel and initial RAM disk by HTTP. Only these names are known; nothing that a machine sends becomes the name of a
 * file.
 */
final class BootServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BootServer.class);

    /** As many machines load at a time; others wait. */
    private static final int THREADS = 128;

    private static final int WAITING = 1_024;
    private static final int IDLE_SECONDS = 10;
    private static final int REQUEST_SECONDS = 30;

    /** At the speed of a machine that shares a gigabit with 127 others the files take a tenth of it. */
    private static final int ANSWER_SECONDS = 900;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{1,18})-");

    private static final int OK = 200;
    private static final int PARTIAL = 206;
    private static final int NOT_FOUND = 404;
    private static final int WRONG_METHOD = 405;
    private static final int WRONG_RANGE = 416;

    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final Map<String, FileChannel> files;
    private final BootMenus menus;
    private final Machines machines;

    private BootServer(HttpServer server, LiveImage image, BootMenus menus, Machines machines) {
        this.server = server;
        this.files = Map.of(BootMenus.KERNEL, image.kernel(), BootMenus.MEMORY, image.memory());
        this.menus = menus;
        this.machines = machines;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), task -> {
                    Thread thread = new Thread(task, "netboot");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Starts to serve.
     *
     * @param place address and port; port 0 takes a free one
     * @throws CliException exit code 17: another program has the port
     */
    static BootServer start(InetSocketAddress place, LiveImage image, BootMenus menus, Machines machines)
            throws IOException {
        // Read once, by the first server of the process.
        System.setProperty("sun.net.httpserver.maxReqTime", Integer.toString(REQUEST_SECONDS));
        System.setProperty("sun.net.httpserver.maxRspTime", Integer.toString(ANSWER_SECONDS));
        HttpServer server;
        try {
            server = HttpServer.create(place, THREADS);
        } catch (BindException e) {
            throw new CliException(
                    ExitCode.NETWORK,
                    "TCP port " + place.getPort() + " of " + place.getAddress().getHostAddress()
                            + " is taken by another program, which 'ss -tlnp' names; stop it, or name another port with"
                            + " --port",
                    e);
        }
        BootServer started = new BootServer(server, image, menus, machines);
        server.setExecutor(started.threads);
        server.createContext("/", started::handle);
        server.start();
        return started;
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) {
        try (exchange) {
            answer(exchange, exchange.getRequestURI().getRawPath());
        } catch (IOException e) {
            LOG.info("a machine did not take its answer to the end: {}", e.toString());
        }
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        boolean isDone = path.startsWith(BootMenus.DONE);
        if (!(isDone ? "POST" : "GET").equals(exchange.getRequestMethod())) {
            exchange.sendResponseHeaders(WRONG_METHOD, -1);
        } else if (files.containsKey(path)) {
            send(exchange, files.get(path));
        } else if (isDone) {
            boolean isKnown =
                    addressBehind(BootMenus.DONE, path).map(machines::isDone).orElse(false);
            exchange.sendResponseHeaders(isKnown ? OK : NOT_FOUND, -1);
        } else {
            send(exchange, menu(path).orElse(null));
        }
    }

    private Optional<String> menu(String path) {
        if (path.equals(BootMenus.START)) {
            return Optional.of(menus.ipxeStart());
        }
        return ipxeMenu(path, "pcbios", "BIOS").or(() -> ipxeMenu(path, "efi", "UEFI with iPXE"));
    }

    private Optional<String> ipxeMenu(String path, String platform, String firmware) {
        return addressBehind(BootMenus.IPXE + platform + "/", path)
                .map(machine ->
                        machines.startsOwnDisk(machine, firmware) ? menus.ipxeOwnDisk() : menus.ipxeLive(machine));
    }

    private static Optional<HardwareAddress> addressBehind(String prefix, String path) {
        return path.startsWith(prefix) ? HardwareAddress.parse(path.substring(prefix.length())) : Optional.empty();
    }

    /** {@code menu}: null for what is not known. */
    private static void send(HttpExchange exchange, String menu) throws IOException {
        if (menu == null) {
            exchange.sendResponseHeaders(NOT_FOUND, -1);
            return;
        }
        byte[] bytes = menu.getBytes(StandardCharsets.US_ASCII);
        exchange.getResponseHeaders().set("Content-Type", "text/plain");
        exchange.sendResponseHeaders(OK, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** A file, or the rest of it from where a boot loader goes on. */
    private static void send(HttpExchange exchange, FileChannel file) throws IOException {
        long length = file.size();
        String asked = exchange.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(asked == null ? "" : asked);
        long first = range.matches() ? Long.parseLong(range.group(1)) : 0;
        if (first >= length) {
            exchange.sendResponseHeaders(WRONG_RANGE, -1);
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        if (range.matches()) {
            exchange.getResponseHeaders().set("Content-Range", "bytes " + first + "-" + (length - 1) + "/" + length);
        }
        exchange.sendResponseHeaders(range.matches() ? PARTIAL : OK, length - first);
        copy(file, first, length, exchange.getResponseBody());
    }

    private static void copy(FileChannel file, long first, long end, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        long at = first;
        while (at < end) {
            buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
            int count = file.read(buffer, at);
            if (count < 0) {
                return; // it was cut: the machine sees an answer that ends too early
            }
            out.write(buffer.array(), 0, count);
            at += count;
        }
    }
}
