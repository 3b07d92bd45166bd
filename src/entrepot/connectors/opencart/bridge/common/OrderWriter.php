<?php
namespace OmsBridge;

/** Statuses and shipments, written through the shop's own order model. */
class OrderWriter
{
    /** Writes one call may bring. */
    const MOST = 100;
    /** No write is begun later than this in a call: the caller must not lose patience, nor the host end the request. */
    const SECONDS = 10;
    private $bridge;
    private $db;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function history(Call $call)
    {
        return new Answer($this->historyOf($call->json()));
    }

    public function shipment(Call $call)
    {
        return new Answer($this->shipmentOf($call->json()));
    }

    /** Both for many orders: every item is a write of its own with its own key, as if it had come in its own call. */
    public function many(Call $call)
    {
        $items = Items::of($call, self::MOST);
        $until = microtime(true) + self::SECONDS;
        $answers = array();
        foreach ($items as $i => $item) {
            try {
                if ($i > 0 && microtime(true) > $until) {
                    throw new Refusal(503, 'not_reached', 'There was no time left for this one; send it again.');
                }
                $answers[] = Items::ok($item, $this->one($item));
            } catch (Refusal $refusal) {
                $answers[] = Items::failed($item, $refusal);
            } catch (\Exception $error) {
                $answers[] = Items::failed($item, $this->bridge->broken($error));
            } catch (\Throwable $error) {
                $answers[] = Items::failed($item, $this->bridge->broken($error));
            }
        }
        return new Answer($answers);
    }

    private function one($item)
    {
        $write = isset($item['write']) ? $item['write'] : null;
        unset($item['ref'], $item['write']);
        if ($write === 'order_history') {
            return $this->historyOf($item);
        }
        if ($write === 'shipment') {
            return $this->shipmentOf($item);
        }
        throw Refusal::invalid('write', 'unknown', 'The field write must be order_history or shipment.');
    }

    private function historyOf($body)
    {
        $key = Field::key($body);
        $order_id = Field::number($body, 'order_id', 1);
        $status = Field::number($body, 'order_status_id');
        $comment = $this->comment(isset($body['comment']) ? $body['comment'] : '');
        $notify = (bool)Field::flag($body, 'notify', 0);
        $expected = Field::optionalNumber($body, 'expect_status', null);
        $this->statusExists($status);
        $this->present($order_id);
        return $this->bridge->once->run('order_history', $key, $body, 'order:' . $order_id, function ($note, $floor) use ($order_id, $status, $comment, $notify, $expected) {
            return $this->write($order_id, $status, $comment, $notify, $expected, $note, $floor);
        });
    }

    private function shipmentOf($body)
    {
        $key = Field::key($body);
        $order_id = Field::number($body, 'order_id', 1);
        $parcel = $this->parcel($body);
        $wanted = Field::optionalNumber($body, 'order_status_id', null);
        $notify = (bool)Field::flag($body, 'notify', 0);
        $comment = $this->comment(isset($body['comment']) ? $body['comment'] : trim($parcel['carrier'] . ' ' . $parcel['tracking_number'] . "\n" . $parcel['tracking_url']));
        if ($wanted !== null) {
            $this->statusExists($wanted);
        }
        $present = $this->present($order_id);
        if ($wanted === null && $present === 0) {
            throw Refusal::invalid('order_id', 'not_confirmed', 'The order has not been confirmed by its buyer.');
        }
        return $this->bridge->once->run('shipment', $key, $body, 'order:' . $order_id, function ($note, $floor) use ($order_id, $key, $parcel, $wanted, $comment, $notify) {
            $shipment_id = $this->keep($order_id, $key, $parcel);
            $status = $wanted === null ? $this->present($order_id) : $wanted;
            $written = $this->write($order_id, $status, $comment, $notify, null, $note, $floor);
            return array('shipment_id' => $shipment_id, 'order_history_id' => $written['order_history_id']);
        });
    }

    private function write($order_id, $status, $comment, $notify, $expected, $note, $floor)
    {
        if ($floor !== null) {
            $adopted = $this->db->value('SELECT MIN(`order_history_id`) FROM ' . $this->db->table('order_history') . ' WHERE `order_history_id` > ' . (int)$floor
                . ' AND `order_id` = ' . (int)$order_id . ' AND `order_status_id` = ' . (int)$status . ' AND `comment` = ' . $this->db->quote($comment));
            if ($adopted !== null) {
                return array('order_history_id' => (int)$adopted, 'order_status_id' => $this->present($order_id));
            }
        }
        $present = $this->present($order_id);
        if ($expected !== null && $present !== $expected) {
            throw Refusal::conflict('The order has another status.', array('order_status_id' => $present));
        }
        $note((int)$this->db->value('SELECT MAX(`order_history_id`) FROM ' . $this->db->table('order_history')));
        Origin::during(function () use ($order_id, $status, $comment, $notify) {
            $this->bridge->shop->addHistory($order_id, $status, $comment, $notify);
        });
        $history_id = Events::newestHistory($this->db, $order_id);
        if ($history_id === null) {
            throw new \RuntimeException('The order model wrote no history for order ' . $order_id . '.');
        }
        return array('order_history_id' => $history_id, 'order_status_id' => $this->present($order_id));
    }

    /** The order's status now. */
    private function present($order_id)
    {
        $status = $this->db->value('SELECT `order_status_id` FROM ' . $this->db->table('order') . ' WHERE `order_id` = ' . (int)$order_id);
        if ($status === null) {
            throw Refusal::notFound('There is no such order.', array('order_id' => $order_id));
        }
        return (int)$status;
    }

    /** OpenCart takes any number for a status and would put the stock back for one it does not know. */
    private function statusExists($status)
    {
        if ($this->db->value('SELECT COUNT(*) FROM ' . $this->db->table('order_status') . ' WHERE `order_status_id` = ' . (int)$status) == 0) {
            throw Refusal::invalid('order_status_id', 'unknown', 'The shop has no such order status.');
        }
    }

    private function comment($text)
    {
        return Field::text($this->bridge, 'order_history', 'comment', $text, 'comment');
    }

    private function parcel($body)
    {
        $limits = array('carrier' => 64, 'tracking_number' => 128, 'tracking_url' => 1000);
        $parcel = array();
        foreach ($limits as $name => $limit) {
            $text = isset($body[$name]) ? $body[$name] : '';
            $text = is_int($text) ? (string)$text : $text;
            if (!is_string($text) || ($name !== 'tracking_url' && trim($text) === '')) {
                throw Refusal::invalid($name, 'missing', 'The field ' . $name . ' must be text.');
            }
            if (Text::length($text) > $limit) {
                throw Refusal::invalid($name, 'too_long', 'The text is longer than the shop keeps.', array('limit' => $limit));
            }
            $parcel[$name] = trim($text);
        }
        if ($parcel['tracking_url'] !== '' && !preg_match('~^https?://[^\s<>"]+$~Di', $parcel['tracking_url'])) {
            throw Refusal::invalid('tracking_url', 'address', 'The tracking address must begin with https:// or http://.');
        }
        return $parcel;
    }

    private function keep($order_id, $key, $parcel)
    {
        $table = $this->db->table('oms_bridge_shipment');
        $this->db->run('INSERT IGNORE INTO ' . $table . ' (`order_id`, `request_key`, `carrier`, `tracking_number`, `tracking_url`, `date_added`) VALUES ('
            . (int)$order_id . ', ' . $this->db->quote($key) . ', ' . $this->db->quote(Text::stored($parcel['carrier'])) . ', '
            . $this->db->quote(Text::stored($parcel['tracking_number'])) . ', ' . $this->db->quote(Text::stored($parcel['tracking_url'])) . ', NOW())');
        return (int)$this->db->value('SELECT `shipment_id` FROM ' . $table . ' WHERE `request_key` = ' . $this->db->quote($key));
    }
}
