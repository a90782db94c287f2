package org.imgblstr.cli.common.report;

import java.util.List;
import org.imgblstr.protocol.contract.ExitCode;
import org.imgblstr.protocol.contract.RefusedSlave;
import org.imgblstr.protocol.contract.SlaveResult;

/**
 * How a run ended.
 *
 * @param exitCode one of {@link ExitCode}
 * @param seconds from the first byte to the end
 * @param amounts how many bytes of what
 * @param slaves one for each slave that ever joined
 * @param refused those that heard the session and could not take part
 * @param missing expected slaves of which nothing was heard, as they are called on the list
 * @param unreadable what of the source could not be read
 */
public record Summary(
        int exitCode,
        double seconds,
        Amounts amounts,
        List<SlaveResult> slaves,
        List<RefusedSlave> refused,
        List<String> missing,
        Unreadable unreadable) {
    /**
     * How many bytes of what.
     *
     * @param imaged bytes of the imaged regions, zeros and unused space included
     * @param used used bytes of them that were read or received as data
     * @param wire bytes on the wire, Ethernet, IP and UDP headers included; 0 without a network
     * @param image the image file that was made or read
     */
    public record Amounts(long imaged, long used, long wire, ImageFile image) {
        /** Nothing was imaged. */
        public static final Amounts NONE = new Amounts(0, 0, 0);

        /** Without an image file. */
        public Amounts(long imaged, long used, long wire) {
            this(imaged, used, wire, ImageFile.NONE);
        }
    }

    /**
     * An image file.
     *
     * @param path "" for none
     * @param bytes its size
     * @param isVerified whether this run has found every byte of it right: read back after it was written, or compared with its digests
     */
    public record ImageFile(String path, long bytes, boolean isVerified) {
        /** There is none. */
        public static final ImageFile NONE = new ImageFile("", 0, false);

        public boolean isNone() {
            return path.isEmpty();
        }
    }

    public Summary {
        slaves = List.copyOf(slaves);
        refused = List.copyOf(refused);
        missing = List.copyOf(missing);
    }

    /** Of a run that has no slaves that could be refused. */
    public Summary(int exitCode, double seconds, Amounts amounts, List<SlaveResult> slaves) {
        this(exitCode, seconds, amounts, slaves, List.of(), List.of(), Unreadable.NOTHING);
    }

    /** The same with another exit code. */
    public Summary withExitCode(int other) {
        return new Summary(other, seconds, amounts, slaves, refused, missing, unreadable);
    }

    /** Used bytes a second. */
    public double goodput() {
        return seconds > 0 ? amounts.used() / seconds : 0;
    }
}
