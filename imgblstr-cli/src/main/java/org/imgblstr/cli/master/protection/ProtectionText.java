package org.imgblstr.cli.master.protection;

import java.util.ArrayList;
import java.util.List;
import org.imgblstr.disk.image.ImageReader;

/** How an image file is protected, in the words of a plan. */
public final class ProtectionText {
    private ProtectionText() {}

    /** Of an image that is read: ", encrypted, signed by key ID, trusted", as far as each of it is so; "" when nothing is. */
    public static String of(ImageReader image) {
        String trusted = image.isTrusted() ? ", trusted" : "";
        return text(image.isEncrypted(), image.signer()) + trusted;
    }

    /** {@code signer}: id of the key; "" for an image that is not signed. */
    static String text(boolean isEncrypted, String signer) {
        List<String> words = new ArrayList<>();
        words.add("");
        if (isEncrypted) {
            words.add("encrypted");
        }
        if (!signer.isEmpty()) {
            words.add("signed by key " + signer);
        }
        return String.join(", ", words);
    }
}
