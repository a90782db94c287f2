/** Text that this program did not make: from disks, images, the network. Knows nothing of these. */
package org.imgblstr.disk.text;
