package org.imgblstr.codec;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.imgblstr.fuzz.FuzzInput;
import org.imgblstr.fuzz.PatchedBytes;

/**
 * Links of a chain, in any order, some of them damaged. A link decodes to the bytes of its track or to the one exception, and the first link of a
 * chain always starts a chain anew.
 */
public final class LinkFuzz {
    private static final int LINKS = 4;
    private static final int RAW_BYTES = 2048;
    private static final int MOST_STEPS = 12;
    private static final TrackDecoder DECODER = new TrackDecoder();
    private static final List<PatchedBytes> CHAIN = chain();

    private LinkFuzz() {}

    private static List<PatchedBytes> chain() {
        try (TrackEncoder encoder = Chains.encoder(3)) {
            List<PatchedBytes> chain = new ArrayList<>();
            for (byte[] link : Chains.encodeTexts(encoder, 0, LINKS)) {
                chain.add(new PatchedBytes(link, List.of(new int[] {0, link.length})));
            }
            return chain;
        }
    }

    /** Steps of: which link; how many bytes of changes; the changes. */
    public static void fuzzerTestOneInput(byte[] input) {
        FuzzInput in = new FuzzInput(input);
        for (int step = 0; step < MOST_STEPS && !in.isEmpty(); step++) {
            int link = in.u8() % LINKS;
            PatchedBytes patched = CHAIN.get(link);
            patched.patch(new FuzzInput(in.take(in.u8())));
            try {
                decode(link, patched.content());
            } finally {
                patched.undo();
            }
        }
        for (int link = 0; link < LINKS; link++) {
            if (!decode(link, CHAIN.get(link).content())) {
                throw new AssertionError("link " + link + " of a sound chain is malformed");
            }
        }
    }

    /** Whether it is sound; throws when it decodes to other bytes than those of its checksum. */
    private static boolean decode(int track, byte[] encoded) {
        ByteBuffer link = ByteBuffer.wrap(encoded);
        ByteBuffer raw = ByteBuffer.allocate(RAW_BYTES);
        boolean isReady = DECODER.isReadyFor(link);
        try {
            DECODER.decode(track, RAW_BYTES, link, raw);
        } catch (MalformedTrackException e) {
            return false;
        }
        if (!isReady || TrackChecksum.of(raw) != EncodedTrack.checksum(link)) {
            throw new AssertionError("a link was decoded that could not be");
        }
        return true;
    }

    /** The chain in order, each link once with a change that changes nothing. */
    public static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (int link = 0; link < LINKS; link++) {
            for (byte[] change : CHAIN.get(link).seeds(8)) {
                byte[] seed = new byte[2 * link + 2 + change.length];
                for (int before = 0; before < link; before++) {
                    seed[2 * before] = (byte) before;
                }
                seed[2 * link] = (byte) link;
                seed[2 * link + 1] = (byte) change.length;
                System.arraycopy(change, 0, seed, 2 * link + 2, change.length);
                seeds.add(seed);
            }
        }
        seeds.add(new byte[] {1, 0, 0, 0, 2, 0, 1, 0});
        return seeds;
    }
}
