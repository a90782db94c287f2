/**
 * BitLocker, as Windows 7 and later make it: where the encrypted data, the three metadata blocks and the moved first sectors lie, and how the data are
 * encrypted. What is used of them: {@code disk.filesystem.encrypted}. Source: libbde, "BitLocker Drive Encryption (BDE) format"; what cryptsetup
 * and dislocker tell of volumes of Windows; docs/used-blocks.md, section 9.
 */
package org.imgblstr.disk.filesystem.bitlocker;
