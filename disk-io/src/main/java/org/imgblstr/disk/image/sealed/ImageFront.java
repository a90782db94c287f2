package org.imgblstr.disk.image.sealed;

import java.util.UUID;

/**
 * What an image file shows of itself without any key.
 *
 * @param imageId its id
 * @param fileBytes length of the file
 * @param slots what opens it; null when it is not encrypted
 * @param signer id of the key that the signature names; "" when there is no signature
 */
public record ImageFront(UUID imageId, long fileBytes, KeySlots slots, String signer) {
    public boolean isEncrypted() {
        return slots != null;
    }
}
