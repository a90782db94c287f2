package org.imgblstr.disk.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the machine's processors did lately, as the kernel tells it. (Java's own bean for that takes a tenth of a second to load.) One
 * thread.
 */
public final class ProcessorUse {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessorUse.class);

    /** The kernel counts hundredths of a second: less than this is no measurement. */
    private static final long PERIOD_NS = 200_000_000;

    private static final Pattern BLANKS = Pattern.compile(" +");

    /** Fields of the first line of stat: user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user. */
    private static final int FIELDS = 8;

    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;

    /** Fields of self/stat behind the name, which is in parentheses and may hold anything: proc(5). */
    private static final int OWN_USER = 11;

    private static final int OWN_SYSTEM = 12;

    private final Path stat;
    private final Path ownStat;
    private final LongSupplier clockNs;
    private long lookedNs;
    private long idleTicks;
    private long ownTicks;
    private long allTicks;
    private double idle;
    private double others = 1;

    public ProcessorUse() {
        this(Path.of("/proc"), System::nanoTime);
    }

    /** {@code proc} holds {@code stat} and {@code self/stat}, see proc(5). */
    public ProcessorUse(Path proc, LongSupplier clockNs) {
        this.stat = proc.resolve("stat");
        this.ownStat = proc.resolve("self/stat");
        this.clockNs = clockNs;
        this.lookedNs = clockNs.getAsLong();
        look();
        forget();
    }

    /** Looks anew when the last look was a fifth of a second ago. */
    public void update() {
        long nowNs = clockNs.getAsLong();
        if (nowNs - lookedNs >= PERIOD_NS) {
            lookedNs = nowNs;
            look();
        }
    }

    /** Part that had nothing to do, 0 to 1; 0 before there was a measurement, and where the kernel does not tell. */
    public double idle() {
        return idle;
    }

    /** Part that worked for other programs, 0 to 1; 1 before there was a measurement, and where the kernel does not tell. */
    public double others() {
        return others;
    }

    private void forget() {
        idle = 0;
        others = 1;
    }

    private void look() {
        try {
            String first = Files.readString(stat, StandardCharsets.US_ASCII);
            String own = Files.readString(ownStat, StandardCharsets.ISO_8859_1);
            take(
                    BLANKS.split(first.lines().findFirst().orElse("")),
                    BLANKS.split(own.substring(own.lastIndexOf(')') + 1).strip()));
        } catch (IOException | NumberFormatException e) {
            LOG.debug("the kernel does not tell what processors do: {}", e.getMessage());
            forget();
        }
    }

    private void take(String[] machine, String[] process) {
        if (machine.length <= FIELDS || !"cpu".equals(machine[0]) || process.length <= OWN_SYSTEM) {
            forget();
            return;
        }
        long nowIdle = Long.parseLong(machine[1 + IDLE]) + Long.parseLong(machine[1 + IO_WAIT]);
        long nowOwn = Long.parseLong(process[OWN_USER]) + Long.parseLong(process[OWN_SYSTEM]);
        long nowAll = 0;
        for (int i = 1; i <= FIELDS; i++) {
            nowAll += Long.parseLong(machine[i]);
        }
        if (nowAll > allTicks) {
            // Some kernels let idle time step back a little.
            idle = part(nowIdle - idleTicks, nowAll - allTicks);
            others = Math.max(0, 1 - idle - part(nowOwn - ownTicks, nowAll - allTicks));
        } else {
            forget();
        }
        idleTicks = nowIdle;
        ownTicks = nowOwn;
        allTicks = nowAll;
    }

    private static double part(long ticks, long all) {
        return Math.max(0, Math.min(1, (double) ticks / all));
    }
}
