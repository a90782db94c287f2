package org.imgblstr.disk.image.sealed;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.imgblstr.codec.TrackKind;
import org.imgblstr.disk.track.TrackHasher;
import org.imgblstr.sealing.primitive.Hashing;
import org.imgblstr.sealing.primitive.Sha256;

/**
 * What a trusted signature says of each track. The SHA-256 of each digest record is kept, 32 bytes each, so it does not matter when the file
 * changes. Safe for use by several threads.
 */
public final class SignedDigests {
    /** 33 KiB each. */
    private static final int KEPT = 16;

    private final String path;
    private final String keyId;
    private final int chunkTracks;
    private final byte[] sums;
    private final byte[] contentDigest;
    private final Bodies bodies;
    private final Map<Integer, DigestRecord> kept = new LinkedHashMap<>(KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, DigestRecord> eldest) {
            return size() > KEPT;
        }
    };

    /** Gives the body of a digest record. */
    public interface Bodies {
        ByteBuffer of(int chunk) throws IOException;
    }

    /**
     * Of a signature that holds.
     *
     * @param path of the image, for messages
     * @param signature by a trusted key
     * @param content what it signs
     * @param chunkTracks tracks of a digest record but the last
     * @param sums SHA-256 of the body of each digest record, in order
     * @param bodies where these bodies are to be had
     */
    SignedDigests(
            String path,
            ImageSignature signature,
            ImageSignature.Content content,
            int chunkTracks,
            byte[] sums,
            Bodies bodies) {
        this.path = path;
        this.keyId = signature.keyId();
        this.contentDigest = ImageSignature.contentDigestOf(content);
        this.chunkTracks = chunkTracks;
        this.sums = sums.clone();
        this.bodies = bodies;
    }

    /** Refuses a body of a digest record that was not signed. */
    public void checkBody(int chunk, ByteBuffer body) throws NotAuthenticException {
        MessageDigest sha256 = Sha256.create();
        sha256.update(body.duplicate());
        int at = chunk * Hashing.DIGEST_BYTES;
        if (!Arrays.equals(sha256.digest(), Arrays.copyOfRange(sums, at, at + Hashing.DIGEST_BYTES))) {
            throw changed("the digests from track " + (long) chunk * chunkTracks + " on are not what");
        }
    }

    /** Refuses a track of another kind than was signed. */
    public void checkKind(int track, TrackKind kind) throws IOException {
        if (of(track).kind(track % chunkTracks) != kind) {
            throw changed("track " + track + " is not what");
        }
    }

    /** Refuses a track other than was signed. {@code sha256}: as a {@link TrackHasher} computes it. */
    public void check(int track, TrackKind kind, byte[] sha256) throws IOException {
        checkKind(track, kind);
        if (!of(track).has(track % chunkTracks, sha256)) {
            throw changed("track " + track + " is not what");
        }
    }

    /** Refuses another content digest than was signed. */
    public void checkContent(byte[] found) throws NotAuthenticException {
        if (!Arrays.equals(found, contentDigest)) {
            throw changed("its content digest is not what");
        }
    }

    private NotAuthenticException changed(String what) {
        return new NotAuthenticException(
                path + ": " + what + " key " + keyId + " signed: the image was changed; take another copy of it");
    }

    private synchronized DigestRecord of(int track) throws IOException {
        int chunk = track / chunkTracks;
        DigestRecord digests = kept.get(chunk);
        if (digests == null) {
            ByteBuffer body = bodies.of(chunk);
            checkBody(chunk, body);
            digests = DigestRecord.of(body);
            kept.put(chunk, digests);
        }
        return digests;
    }
}
