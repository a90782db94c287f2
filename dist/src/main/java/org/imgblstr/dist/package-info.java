/** Steps of the build that make what users get beside the programs. Nothing of this package is shipped. */
package org.imgblstr.dist;
