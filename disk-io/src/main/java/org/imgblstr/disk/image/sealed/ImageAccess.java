package org.imgblstr.disk.image.sealed;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.secret.KeyFile;

/**
 * What images are opened with.
 *
 * @param secrets gives what opens an encrypted image
 * @param trusted an image must be signed by one of these keys; empty for any image
 */
public record ImageAccess(Secrets secrets, List<KeyFile> trusted) {
    /** For images that are not encrypted, whoever made them. */
    public static final ImageAccess NONE = new ImageAccess(
            (path, slots, tries) -> {
                throw new NotAuthenticException(
                        path + " is encrypted: give its pass phrase at a terminal, or --image-key");
            },
            List.of());

    /** Gives secrets, one after the other. */
    public interface Secrets {
        /**
         * The secret to try next.
         *
         * @param path of the image, for questions
         * @param slots what opens it
         * @param tries how many secrets were given before, and were wrong
         * @return closed by the caller
         * @throws NotAuthenticException when there is none, or none any more
         */
        ImageSecret next(String path, KeySlots slots, int tries) throws IOException;
    }

    public ImageAccess {
        trusted = List.copyOf(trusted);
    }

    /**
     * The key of an image.
     *
     * @param imageId 16 bytes
     * @throws NotAuthenticException when no secret opens it
     */
    public BoxKey unlock(String path, KeySlots slots, byte[] imageId) throws IOException {
        for (int tries = 0; ; tries++) {
            try (ImageSecret secret = secrets.next(path, slots, tries)) {
                BoxKey key = slots.open(secret, imageId, Primitives.best());
                if (key != null) {
                    return key;
                }
            }
        }
    }

    /**
     * Refuses an image that none of the trusted keys has signed.
     *
     * @param signature null when there is none
     */
    public void check(String path, ImageSignature signature) throws NotAuthenticException {
        String wanted = trusted.stream().map(KeyFile::idText).collect(Collectors.joining(" or "));
        if (signature == null) {
            throw new NotAuthenticException(path + " is not signed, and --trust wants " + wanted);
        }
        if (trusted.stream().noneMatch(signature::isBy)) {
            throw new NotAuthenticException(
                    path + " is signed by " + signature.keyId() + ", and --trust wants " + wanted);
        }
    }

    /** The digests of a signature by a trusted key; the parameters are those of {@link SignedDigests}. */
    public static SignedDigests digests(
            String path,
            ImageSignature signature,
            ImageSignature.Content content,
            int chunkTracks,
            byte[] sums,
            SignedDigests.Bodies bodies)
            throws NotAuthenticException {
        if (!signature.holds(content, Primitives.best())) {
            throw new NotAuthenticException(
                    path + " names key " + signature.keyId()
                            + " as its signer, and the signature does not hold: the image was changed; take another copy of it");
        }
        return new SignedDigests(path, signature, content, chunkTracks, sums, bodies);
    }
}
