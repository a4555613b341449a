using System.Globalization;
using System.Text;

namespace AssetCompute.Client.AzureBlobs;

/// <summary>
/// The ids of the blocks of one upload: a number of six digits and a mark of the upload, in base64. By the mark, blocks that an earlier upload of the same name has left, or that still come in, are
/// not taken for this one's.
/// </summary>
internal sealed class BlockIds
{
    private readonly string _mark = Guid.NewGuid().ToString("N")[..12];

    private BlockIds()
    {
    }

    public string this[int index] => Convert.ToBase64String(Encoding.ASCII.GetBytes(index.ToString("D6", CultureInfo.InvariantCulture) + _mark));

    public static BlockIds New() => new();
}
