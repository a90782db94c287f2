package org.imgblstr.disk.image.sealed;

import java.util.List;
import org.imgblstr.sealing.primitive.Primitives;
import org.imgblstr.sealing.primitive.RandomBytes;
import org.imgblstr.sealing.secret.KeyFile;

/**
 * How a new image is protected. Whoever made it wipes its secrets.
 *
 * @param secrets each of them opens the image; empty for one that is not encrypted
 * @param signer a key file of masters; null for an image that is not signed
 * @param hasDigests whether each track has a digest; so it does in a signed image
 * @param primitives the ciphers; null when none are needed
 * @param random where new keys come from; null when none are needed
 */
public record ImageProtection(
        List<ImageSecret> secrets, KeyFile signer, boolean hasDigests, Primitives primitives, RandomBytes random) {
    /** Of an image that everybody can read and change. */
    public static final ImageProtection NONE = new ImageProtection(List.of(), null, false, null, null);

    public ImageProtection {
        secrets = List.copyOf(secrets);
        hasDigests = hasDigests || signer != null;
        if (secrets.size() > KeySlots.MOST) {
            throw new IllegalArgumentException("an image has " + KeySlots.MOST + " key slots, not " + secrets.size());
        }
    }

    public ImageLayout layout() {
        return new ImageLayout(!secrets.isEmpty(), signer != null, hasDigests);
    }
}
