/**
 * What LUKS and BitLocker have in common: the volume key by cryptsetup, a decrypted view for the readers of what lies within, and which sectors of
 * the ciphertext are used. Volumes are decrypted here as far as readers look at them; nothing of that is kept. Source: docs/used-blocks.md, section 9.
 */
package org.imgblstr.disk.filesystem.encrypted;
