package org.imgblstr.protocol.slave;

import java.util.Arrays;
import java.util.HexFormat;
import org.imgblstr.disk.geometry.UnreadableSectors;
import org.imgblstr.protocol.contract.SlaveResult.Result;
import org.imgblstr.protocol.contract.Words;
import org.imgblstr.protocol.wire.DoneFlyweight;

/** How a slave ended. */
final class Outcome {
    /** Before the end. */
    static final Outcome UNKNOWN = new Outcome(null, "", new byte[DoneFlyweight.DIGEST_BYTES]);

    private final Result result;
    private final String message;
    private final byte[] digest;

    private Outcome(Result result, String message, byte[] digest) {
        this.result = result;
        this.message = message;
        this.digest = digest;
    }

    /** The end of a slave that has every track: by its content digest and the master's, and in a sealed session by its manifest. */
    static Outcome of(Download download, byte[] masterDigest, byte[] masterManifest) {
        byte[] digest = download.contentDigest();
        byte[] manifest =
                download.judgement() == null ? null : download.judgement().root();
        if (manifest != null && !Arrays.equals(manifest, masterManifest)) {
            return new Outcome(
                    Result.VERIFY_FAILED, "the manifest of what is on this disk is not the master's", digest);
        }
        if (!Arrays.equals(digest, masterDigest)) {
            String found = HexFormat.of().formatHex(digest, 0, 8);
            String expected = HexFormat.of().formatHex(masterDigest, 0, 8);
            String why = "content digest: expected " + expected + "..., found " + found
                    + "...: the bytes on this disk differ from the master's; the source may have changed during the session";
            return new Outcome(Result.VERIFY_FAILED, why, digest);
        }
        UnreadableSectors unreadable = download.unreadable();
        String zeros = unreadable.isEmpty() ? "" : Words.SOURCE_UNREADABLE + ": " + unreadable;
        String lack = download.tally().lack();
        String why = zeros.isEmpty() || lack.isEmpty() ? zeros + lack : lack + "; " + zeros;
        return why.isEmpty()
                ? new Outcome(Result.COMPLETE, download.tally().remark(), digest)
                : new Outcome(Result.INCOMPLETE, why, digest);
    }

    /** Another end with the digest known so far. */
    Outcome as(Result how, String because) {
        return new Outcome(how, because, digest);
    }

    /** The master fell silent for so long; {@code hasAll}: when every track was there already. */
    Outcome withoutMaster(long seconds, boolean hasAll) {
        String also = hasAll ? "; every track is here, but its digest was not confirmed" : "";
        return as(Result.MASTER_LOST, "the master fell silent for " + seconds + " s" + also);
    }

    /** Null before the end. */
    Result result() {
        return result;
    }

    /** What Disconnect says. */
    Result onTheWire() {
        if (result == Result.KICKED) {
            return Result.INTERRUPTED;
        }
        return result == Result.MASTER_ABORTED ? Result.INCOMPLETE : result;
    }

    /** One sentence; when complete what was done with the disk, or "". */
    String message() {
        return message;
    }

    /** Content digest of what is on the disk; zeros when not known. */
    byte[] digest() {
        return digest.clone();
    }
}
