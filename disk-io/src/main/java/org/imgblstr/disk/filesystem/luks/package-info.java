/**
 * LUKS, versions 1 and 2: which bytes of an encrypted volume are used, by what lies within it. The volume is decrypted here as far as readers look
 * at it; nothing of that is kept. The volume key comes from {@code VolumeKeys}. Source: LUKS2 On-Disk Format Specification 1.1.1; LUKS1 On-Disk
 * Format Specification 1.2.3; docs/used-blocks.md, section 9.
 */
package org.imgblstr.disk.filesystem.luks;
