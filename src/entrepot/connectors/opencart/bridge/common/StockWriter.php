<?php
namespace OmsBridge;

/**
 * Absolute quantities for products, option values and variants.
 *
 * Each item is one UPDATE by primary key, conditional when `expected` is given. The counters that OpenCart keeps side by
 * side are then rolled up from the lowest level, so that a forgotten master or option value cannot block a sale.
 */
class StockWriter
{
    const ROUNDS = 3;
    private $bridge;
    private $db;
    private $targets = array();
    private $errors = array();

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
    }

    public function write(Call $call)
    {
        $items = Items::of($call);
        foreach ($items as $i => $item) {
            try {
                $this->targets[$i] = $this->target($item);
            } catch (Refusal $refusal) {
                $this->errors[$i] = $refusal;
            }
        }
        $facts = $this->facts();
        foreach ($this->targets as $i => $target) {
            try {
                $this->targets[$i] = $this->found($target, $facts);
            } catch (Refusal $refusal) {
                $this->fail($i, $refusal);
            }
        }
        $todo = $this->ordered();
        for ($round = 0; $todo && $round < self::ROUNDS; $round++) {
            $this->db->together(function () use ($todo) {
                $this->round($todo);
            });
            $facts = $this->facts();
            $todo = $this->moved($todo, $facts);
        }
        if ($this->targets) {
            $this->bridge->shop->forgetProducts();
        }
        return new Answer($this->answers($items, $facts));
    }

    private function target($item)
    {
        $kind = isset($item['kind']) ? $item['kind'] : null;
        if (!in_array($kind, array('product', 'option_value', 'variant'), true)) {
            throw Refusal::invalid('kind', 'unknown', 'The kind must be product, option_value or variant.');
        }
        $target = array('kind' => $kind, 'product_id' => Field::number($item, 'product_id', 1), 'quantity' => Field::number($item, 'quantity'));
        $target['expected'] = isset($item['expected']) ? Field::number($item, 'expected', -Field::INT_MAX) : null;
        if ($kind === 'option_value') {
            $target['option_id'] = Field::number($item, 'option_id', 1);
            $target['option_value_id'] = Field::number($item, 'option_value_id', 1);
        }
        return $target;
    }

    /** Products and option rows of the whole batch in two queries: these tables have no index but the primary key. */
    private function facts()
    {
        $products = Db::ints(Page::column($this->targets, 'product_id'));
        $master = $this->bridge->schema->hasColumn('product', 'master_id') ? '`master_id`' : '0';
        $facts = array('products' => array(), 'values' => array(), 'rows' => array());
        foreach ($this->db->rows('SELECT `product_id`, ' . $master . ' AS master_id, `quantity` FROM ' . $this->db->table('product') . ' WHERE `product_id` IN (' . $products . ')') as $row) {
            $facts['products'][$row['product_id']] = $row;
        }
        foreach ($this->targets as $target) {
            if ($target['kind'] === 'option_value') {
                foreach ($this->db->rows('SELECT `product_option_value_id`, `product_id`, `option_id`, `option_value_id`, `quantity` FROM '
                    . $this->db->table('product_option_value') . ' WHERE `product_id` IN (' . $products . ') ORDER BY `product_option_value_id`') as $row) {
                    $facts['values'][$row['product_id'] . ':' . $row['option_id'] . ':' . $row['option_value_id']][] = $row;
                    $facts['rows'][$row['product_id'] . ':' . $row['option_id']][] = (int)$row['product_option_value_id'];
                }
                break;
            }
        }
        return $facts;
    }

    private function found($target, $facts)
    {
        $id = $target['product_id'];
        if (!isset($facts['products'][$id])) {
            throw Refusal::notFound('There is no such product.', array('product_id' => $id));
        }
        $target['master_id'] = (int)$facts['products'][$id]['master_id'];
        $target['previous'] = (int)$facts['products'][$id]['quantity'];
        if ($target['kind'] === 'variant' && $target['master_id'] === 0) {
            throw Refusal::invalid('kind', 'not_a_variant', 'The product has no master.');
        }
        if ($target['kind'] === 'option_value') {
            $key = $this->key($target);
            if (!isset($facts['values'][$key])) {
                throw Refusal::notFound('The product has no such option value.', array('product_id' => $id, 'option_id' => $target['option_id'], 'option_value_id' => $target['option_value_id']));
            }
            $target['previous'] = (int)$facts['values'][$key][0]['quantity'];
            $target['rows'] = array_map('intval', Page::column($facts['values'][$key], 'product_option_value_id'));
            $target['siblings'] = $facts['rows'][$id . ':' . $target['option_id']];
        }
        return $target;
    }

    private function key($target)
    {
        return $target['product_id'] . ':' . $target['option_id'] . ':' . $target['option_value_id'];
    }

    /** Item numbers by product, so that two batches at once take their row locks in one order; repeats keep their order. */
    private function ordered()
    {
        $order = array();
        foreach ($this->targets as $i => $target) {
            $order[$i] = sprintf('%010d%06d', $target['product_id'], $i);
        }
        asort($order);
        return array_keys($order);
    }

    private function round($todo)
    {
        foreach ($todo as $i) {
            try {
                $this->put($this->targets[$i]);
            } catch (Refusal $refusal) {
                $this->fail($i, $refusal);
            }
        }
        $options = array();
        $masters = array();
        foreach ($todo as $i) {
            if (isset($this->targets[$i]) && $this->targets[$i]['kind'] === 'option_value') {
                $options = array_merge($options, $this->targets[$i]['siblings']);
            } elseif (isset($this->targets[$i]) && $this->targets[$i]['kind'] === 'variant') {
                $masters[] = $this->targets[$i]['master_id'];
            }
        }
        $rollup = new RollUp($this->db);
        $rollup->products($options);
        $rollup->masters($masters);
    }

    private function put($target)
    {
        if ($target['kind'] === 'option_value') {
            $table = $this->db->table('product_option_value');
            $where = ' WHERE `product_option_value_id` IN (' . Db::ints($target['rows']) . ')';
        } else {
            $table = $this->db->table('product');
            $where = ' WHERE `product_id` = ' . $target['product_id'];
        }
        $condition = $target['expected'] === null ? '' : ' AND `quantity` = ' . $target['expected'];
        $written = $this->db->run('UPDATE ' . $table . ' SET `quantity` = ' . $target['quantity'] . $where . $condition);
        if ($written === 0 && $target['expected'] !== null) {
            // Nothing written: either the figure is another one, or it is already what is wanted.
            $present = $this->db->row('SELECT `quantity` FROM ' . $table . $where . ' LIMIT 1 FOR UPDATE');
            if ($present !== null && (int)$present['quantity'] !== $target['expected']) {
                throw new Refusal(409, 'changed', 'The shop has another figure.', array('quantity' => (int)$present['quantity']));
            }
        }
    }

    /** Items whose option row was replaced while we wrote: saving a product in the admin gives its option rows new ids. */
    private function moved($todo, $facts)
    {
        $again = array();
        foreach ($todo as $i) {
            if (!isset($this->targets[$i]) || $this->targets[$i]['kind'] !== 'option_value') {
                continue;
            }
            $before = $this->targets[$i];
            try {
                $now = $this->found($before, $facts);
            } catch (Refusal $refusal) {
                $this->fail($i, $refusal);
                continue;
            }
            if ($now['rows'] !== $before['rows']) {
                $now['previous'] = $before['previous'];
                $this->targets[$i] = $now;
                $again[] = $i;
            }
        }
        return $again;
    }

    private function fail($i, Refusal $refusal)
    {
        $this->errors[$i] = $refusal;
        unset($this->targets[$i]);
    }

    private function answers($items, $facts)
    {
        $masters = array();
        $ids = array();
        foreach ($this->targets as $target) {
            $ids[] = $target['master_id'];
        }
        foreach ($this->db->rows('SELECT `product_id`, `quantity` FROM ' . $this->db->table('product') . ' WHERE `product_id` IN (' . Db::ints($ids) . ')') as $row) {
            $masters[$row['product_id']] = (int)$row['quantity'];
        }
        $answers = array();
        foreach ($items as $i => $item) {
            if (isset($this->errors[$i])) {
                $answers[] = Items::failed($item, $this->errors[$i]);
                continue;
            }
            $target = $this->targets[$i];
            $product = (int)$facts['products'][$target['product_id']]['quantity'];
            $more = array('quantity' => $product, 'previous' => $target['previous']);
            if ($target['kind'] === 'option_value') {
                $more['quantity'] = (int)$facts['values'][$this->key($target)][0]['quantity'];
                $more['product_quantity'] = $product;
            }
            if ($target['kind'] === 'variant') {
                $more['product_quantity'] = $product;
                $more['master_quantity'] = isset($masters[$target['master_id']]) ? $masters[$target['master_id']] : null;
            }
            $answers[] = Items::ok($item, $more);
        }
        return $answers;
    }
}
