using System.Buffers;
using System.Globalization;
using System.Text;

namespace AssetCompute.Emulator;

/// <summary>What a read of the journal found.</summary>
/// <param name="Records">The events, in order; empty at the end of the journal.</param>
/// <param name="Before">The position from which the same page is read again.</param>
/// <param name="Last">The position to go on from.</param>
internal sealed record JournalPage(IReadOnlyList<JournalRecord> Records, string Before, string Last)
{
    public byte[] ToBytes()
    {
        var buffer = new ArrayBufferWriter<byte>(Records.Sum(record => record.PageLength + 1) + 128);
        buffer.Write("{\"events\":["u8);
        for (var i = 0; i < Records.Count; i++)
        {
            if (i > 0)
            {
                buffer.Write(","u8);
            }

            buffer.Write(JournalRecord.EntryStart);
            buffer.Write(Encoding.ASCII.GetBytes(Records[i].Position));
            buffer.Write(JournalRecord.EntryMiddle);
            buffer.Write(Records[i].Event);
            buffer.Write(JournalRecord.EntryEnd);
        }

        buffer.Write("],\"_page\":{\"last\":\""u8);
        buffer.Write(Encoding.ASCII.GetBytes(Last));
        buffer.Write("\",\"count\":"u8);
        buffer.Write(Encoding.ASCII.GetBytes(Records.Count.ToString(CultureInfo.InvariantCulture)));
        buffer.Write("}}"u8);
        return buffer.WrittenSpan.ToArray();
    }
}
