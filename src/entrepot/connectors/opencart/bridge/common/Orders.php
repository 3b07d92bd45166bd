<?php
namespace OmsBridge;

/** Orders by history cursor and by id; the outbox by cursor. */
class Orders
{
    /** Two rows written at once may be seen in the other order of their ids, for as long as the slower one takes to be stored. */
    const OVERLAP_HOURS = 2;
    private static $hidden = array('ip', 'forwarded_ip', 'user_agent', 'accept_language');
    private $bridge;
    private $db;
    private $schema;

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
        $this->schema = $bridge->schema;
    }

    public function cursor(Call $call)
    {
        $days = $call->number('days', 90, 0, 36500);
        $id = $this->db->value('SELECT MAX(`order_history_id`) FROM ' . $this->db->table('order_history')
            . ' WHERE `date_added` < NOW() - INTERVAL ' . $days . ' DAY');
        return new Answer(array('after_history_id' => (int)$id));
    }

    public function since(Call $call)
    {
        $after = $call->number('after_history_id', 0, 0, 4294967295);
        $limit = $call->number('limit', 100, 1, 500);
        $again = $this->justBefore($after, $call->number('overlap', 0, 0, 500));
        $seen = $this->db->rows('SELECT `order_history_id`, `order_id` FROM ' . $this->db->table('order_history')
            . ' WHERE `order_history_id` > ' . $after . ' ORDER BY `order_history_id` LIMIT ' . ($limit + 1));
        $more = count($seen) > $limit;
        if ($more) {
            array_pop($seen);
        }
        $cursor = $after;
        $newest = array();
        foreach (array_merge($again, $seen) as $row) {
            // Rows seen again never turn the cursor back.
            $cursor = max($cursor, (int)$row['order_history_id']);
            // Taken out and put back, so that an order stands where its newest history row is.
            unset($newest[$row['order_id']]);
            $newest[$row['order_id']] = (int)$row['order_id'];
        }
        list($orders, $gone) = $this->load(array_values($newest));
        return new Answer($orders, $more ? $cursor : null, array('cursor' => $cursor, 'gone' => $gone));
    }

    /**
     * History rows among the last $overlap ids up to the cursor that are new enough to have been overtaken.
     *
     * Two hours hold also where the shop's clock jumps ahead by one.
     */
    private function justBefore($after, $overlap)
    {
        return $overlap === 0 ? array() : $this->db->rows('SELECT `order_history_id`, `order_id` FROM ' . $this->db->table('order_history')
            . ' WHERE `order_history_id` > ' . ($after - $overlap) . ' AND `order_history_id` <= ' . $after
            . ' AND `date_added` > NOW() - INTERVAL ' . self::OVERLAP_HOURS . ' HOUR ORDER BY `order_history_id`');
    }

    public function byIds(Call $call)
    {
        $ids = $call->ids(100);
        if ($ids === null) {
            throw Refusal::badRequest('ids', 'The parameter is required.');
        }
        list($orders, $gone) = $this->load($ids);
        return new Answer($orders, null, array('gone' => $gone));
    }

    public function states(Call $call)
    {
        $ids = $call->ids(1000);
        $select = 'SELECT `order_id`, `order_status_id` FROM ' . $this->db->table('order');
        $next = null;
        if ($ids === null) {
            $limit = $call->number('limit', 100, 1, 1000);
            list($rows, $next) = Page::of($this->db, $select, '`order_id`', $call->number('after_id', 0, 0, 4294967295), $limit);
        } else {
            $rows = $this->db->rows($select . ' WHERE `order_id` IN (' . Db::ints($ids) . ') ORDER BY `order_id`');
        }
        $found = Page::column($rows, 'order_id');
        $last = $this->db->grouped('SELECT `order_id`, MAX(`order_history_id`) AS last FROM ' . $this->db->table('order_history')
            . ' WHERE `order_id` IN (' . Db::ints($found) . ') GROUP BY `order_id`', 'order_id');
        foreach ($rows as $i => $row) {
            $rows[$i]['last_history_id'] = isset($last[$row['order_id']]) ? $last[$row['order_id']][0]['last'] : '0';
        }
        $gone = $ids === null ? array() : array_values(array_diff($ids, array_map('intval', $found)));
        return new Answer($rows, $next, array('gone' => $gone));
    }

    public function events(Call $call)
    {
        $limit = $call->number('limit', 100, 1, 1000);
        $events = $this->bridge->outbox->after($call->number('after', 0, 0, 4294967295), $limit + 1);
        $next = null;
        if (count($events) > $limit) {
            array_pop($events);
            $last = end($events);
            $next = $last['event_id'];
        }
        return new Answer($events, $next);
    }

    /** array(orders in the order of $ids, ids that are gone) with a fixed number of queries. */
    private function load($ids)
    {
        $list = Db::ints($ids);
        $headers = $this->db->grouped('SELECT * FROM ' . $this->db->table('order') . ' WHERE `order_id` IN (' . $list . ')', 'order_id');
        $products = $this->db->grouped('SELECT * FROM ' . $this->db->table('order_product') . ' WHERE `order_id` IN (' . $list . ') ORDER BY `order_product_id`', 'order_id');
        $options = $this->options($list);
        $totals = $this->part('order_total', array('order_total_id', 'extension', 'code', 'title', 'value', 'sort_order'), $list, '`sort_order`, `order_total_id`');
        $history = $this->part('order_history', array('order_history_id', 'order_status_id', 'notify', 'comment', 'date_added'), $list, '`order_history_id`');
        $vouchers = $this->schema->has('order_voucher') ? $this->db->grouped('SELECT * FROM ' . $this->db->table('order_voucher')
            . ' WHERE `order_id` IN (' . $list . ') ORDER BY `order_voucher_id`', 'order_id') : array();
        $shipments = $this->db->grouped('SELECT `order_id`, `shipment_id`, `carrier`, `tracking_number`, `tracking_url`, `date_added` FROM '
            . $this->db->table('oms_bridge_shipment') . ' WHERE `order_id` IN (' . $list . ') ORDER BY `shipment_id`', 'order_id');
        $countries = $this->countries($headers);
        $orders = array();
        $gone = array();
        foreach ($ids as $id) {
            if (!isset($headers[$id])) {
                $gone[] = $id;
                continue;
            }
            $lines = isset($products[$id]) ? $products[$id] : array();
            foreach ($lines as $i => $line) {
                $lines[$i]['options'] = isset($options[$line['order_product_id']]) ? $options[$line['order_product_id']] : array();
            }
            $orders[] = array(
                'order' => array_diff_key($headers[$id][0], array_flip(self::$hidden)) + self::codes($headers[$id][0], $countries),
                'order_product' => $lines,
                'order_total' => Page::without($totals, $id, 'order_id'),
                'order_history' => Page::without($history, $id, 'order_id'),
                'order_voucher' => isset($vouchers[$id]) ? $vouchers[$id] : array(),
                'shipments' => Page::without($shipments, $id, 'order_id'),
            );
        }
        return array($orders, $gone);
    }

    /** The countries that these orders name, by id. */
    private function countries($headers)
    {
        $ids = array();
        foreach ($headers as $rows) {
            foreach (array('payment', 'shipping') as $side) {
                $ids[] = isset($rows[0][$side . '_country_id']) ? $rows[0][$side . '_country_id'] : 0;
            }
        }
        return $this->schema->has('country') ? $this->db->grouped('SELECT `country_id`, `iso_code_2`, `iso_code_3` FROM ' . $this->db->table('country')
            . ' WHERE `country_id` IN (' . Db::ints($ids) . ')', 'country_id') : array();
    }

    /** An order keeps its country's name and id but no code; null where the country is none or gone. */
    private static function codes($order, $countries)
    {
        $codes = array();
        foreach (array('payment', 'shipping') as $side) {
            $id = isset($order[$side . '_country_id']) ? (int)$order[$side . '_country_id'] : 0;
            foreach (array('iso_code_2', 'iso_code_3') as $column) {
                $codes[$side . '_' . $column] = isset($countries[$id][0][$column]) && $countries[$id][0][$column] !== '' ? $countries[$id][0][$column] : null;
            }
        }
        return $codes;
    }

    private function part($table, $columns, $list, $order)
    {
        return $this->db->grouped('SELECT `order_id`, ' . $this->schema->select($table, $columns) . ' FROM ' . $this->db->table($table)
            . ' WHERE `order_id` IN (' . $list . ') ORDER BY ' . $order, 'order_id');
    }

    /**
     * Chosen options by order line, with the stable ids of option and value where the product still has that row.
     *
     * The row ids an order remembers change when the product is saved, so only a row that is still there is trusted.
     */
    private function options($list)
    {
        $rows = $this->db->rows('SELECT oo.`order_product_id`, oo.`order_option_id`, oo.`product_option_id`, oo.`product_option_value_id`, oo.`name`, oo.`value`, oo.`type`,'
            . ' pov.`option_id`, pov.`option_value_id` FROM ' . $this->db->table('order_option') . ' oo'
            . ' LEFT JOIN ' . $this->db->table('product_option_value') . ' pov ON pov.`product_option_value_id` = oo.`product_option_value_id`'
            . ' AND pov.`product_option_id` = oo.`product_option_id` AND oo.`product_option_value_id` > 0'
            . ' WHERE oo.`order_id` IN (' . $list . ') ORDER BY oo.`order_option_id`');
        $lines = array();
        foreach ($rows as $row) {
            $line = $row['order_product_id'];
            unset($row['order_product_id']);
            $lines[$line][] = $row;
        }
        return $lines;
    }
}
