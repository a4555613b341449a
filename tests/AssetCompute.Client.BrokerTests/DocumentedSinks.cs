using System.Security.Cryptography;
using System.Text;
using Azure.Messaging.ServiceBus;
using Confluent.Kafka;

namespace AssetCompute.Client.BrokerTests;

/// <summary>Compiles the sinks of docs/scale.md whose brokers aren't available to the tests.</summary>
public sealed class DocumentedSinks
{
    [Fact]
    public void Sinks_OfThePage_AreSinks()
    {
        Assert.True(typeof(IJournalSink).IsAssignableFrom(typeof(KafkaSink)));
        Assert.True(typeof(IJournalSink).IsAssignableFrom(typeof(ServiceBusSink)));
    }

    internal sealed class KafkaSink(IProducer<string, byte[]> producer) : IJournalSink
    {
        // The producer's configuration: Acks = Acks.All, EnableIdempotence = true.
        public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken) =>
            await Task.WhenAll(page.Entries.Select(entry =>
                producer.ProduceAsync("asset-events", new Message<string, byte[]> { Key = entry.Id, Value = entry.Raw.ToArray() }, cancellationToken)));
    }

    internal sealed class ServiceBusSink(ServiceBusSender sender) : IJournalSink
    {
        // The queue has duplicate detection, for as long as a reader may stand still. A MessageId has 128 characters at most, an event's id 512.
        public async ValueTask PublishAsync(JournalRelayPage page, CancellationToken cancellationToken)
        {
            Queue<ServiceBusMessage> messages = new(page.Entries.Select(static entry => new ServiceBusMessage(entry.Raw) { MessageId = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Id))) }));
            while (messages.Count > 0)
            {
                using ServiceBusMessageBatch batch = await sender.CreateMessageBatchAsync(cancellationToken);
                while (messages.TryPeek(out ServiceBusMessage? message) && batch.TryAddMessage(message))
                {
                    messages.Dequeue();
                }

                if (batch.Count == 0)
                {
                    throw new InvalidDataException($"The event {messages.Peek().MessageId} is larger than the queue takes.");
                }

                await sender.SendMessagesAsync(batch, cancellationToken);
            }
        }
    }
}
