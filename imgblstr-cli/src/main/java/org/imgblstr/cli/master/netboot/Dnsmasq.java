package org.imgblstr.cli.master.netboot;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.imgblstr.disk.machine.ChildProcess;
import org.imgblstr.protocol.contract.PlainText;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The child process that serves DHCP and TFTP. */
final class Dnsmasq implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dnsmasq.class);
    private static final int END_SECONDS = 5;

    /**
     * A shell that ends dnsmasq as soon as its own input ends: when netboot closes it, or was killed. Ctrl-C on a terminal reaches the shell too,
     * which leaves the end to netboot.
     */
    private static final String WATCH = "trap '' INT; exec 3<&0; \"$@\" 3<&- & child=$!;"
            + " { read -r end <&3; kill $child; } >/dev/null 2>&1 & watch=$!;"
            + " wait $child; code=$?; kill $watch 2>/dev/null; exit $code";

    /** Follows the line that tells why. */
    private static final String NO_REASON = "FAILED to start up";

    private final Process process;
    private final Thread reader;
    private final CountDownLatch startedOrEnded = new CountDownLatch(1);
    private volatile String lastWords = "it said nothing";

    private Dnsmasq(Process process, Consumer<String> log) {
        this.process = process;
        this.reader = new Thread(() -> read(log), "dnsmasq");
        reader.setDaemon(true);
    }

    /** {@code log}: takes each line that dnsmasq writes, on a thread of its own. */
    static Dnsmasq start(Path program, Path settings, Consumer<String> log) throws IOException {
        ProcessBuilder builder = ChildProcess.of(List.of(
                "sh", "-c", WATCH, "sh", program.toString(), "--keep-in-foreground", "--conf-file=" + settings));
        builder.environment().put("LC_ALL", "C.UTF-8");
        Dnsmasq started = new Dnsmasq(builder.redirectErrorStream(true).start(), log);
        started.reader.start();
        return started;
    }

    private void read(Consumer<String> log) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                LOG.info("{}", PlainText.of(line));
                if (line.contains(": started, version")) {
                    startedOrEnded.countDown();
                }
                if (!line.endsWith(NO_REASON)) {
                    lastWords = PlainText.of(DnsmasqLog.text(line));
                }
                log.accept(line);
            }
        } catch (IOException e) {
            LOG.info("dnsmasq cannot be heard any more: {}", e.toString());
        } finally {
            startedOrEnded.countDown();
        }
    }

    /** Returns once it serves, or has ended. */
    void awaitStart() throws InterruptedException {
        startedOrEnded.await();
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** Waits for its end. Returns its exit code and the last line that it wrote. */
    String awaitEnd() throws InterruptedException {
        int code = process.waitFor();
        reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
        return "exit code " + code + ": " + lastWords;
    }

    /** Ends it without waiting. */
    void stop() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.info("the input of dnsmasq cannot be closed: {}", e.toString());
        }
    }

    /** Ends it, and returns when it has ended. */
    @Override
    public void close() {
        stop();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
