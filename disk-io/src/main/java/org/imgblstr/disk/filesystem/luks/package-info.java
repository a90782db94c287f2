/**
 * LUKS, versions 1 and 2: where the encrypted data lie, and how they are encrypted. What is used of them: {@code disk.filesystem.encrypted}. Source:
 * LUKS2 On-Disk Format Specification 1.1.1; LUKS1 On-Disk Format Specification 1.2.3; docs/used-blocks.md, section 9.
 */
package org.imgblstr.disk.filesystem.luks;
